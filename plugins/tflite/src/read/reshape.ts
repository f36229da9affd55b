import { BatchMixed, concrete, flatten, reshape, sameShape, sizeOf } from '@whittle/core';
import type { Dim } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { invalid, optionsOf } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import type { OperatorView } from './operator-view.js';
import { readList } from './slice.js';

/**
 * An operator that gives the elements another shape: that of the output in the file, or, where inputs have other extents than
 * there, what `shapeOf` makes of the input's. The batch is where the input has it. [N, ...] to [N, all of it] is a flatten.
 */
const readAs =
  (shapeOf: (o: OperatorView, graph: GraphReader, from: readonly number[]) => number[]): OperatorReader =>
  (o, graph) => {
    const { shape } = graph.inputType(o, 0);
    const result = graph.resultShape(o) ?? shapeOf(o, graph, concrete(shape));
    const at = shape.indexOf('batch');
    if (at >= 0 && result[at] !== 1) throw new BatchMixed(mixed(o));
    const target = result.map((dim, axis): Dim => (axis === at ? 'batch' : dim));
    const inputs = [graph.input(o, 0)];
    const flat = [shape[0], sizeOf(concrete(shape.slice(1)))];
    if (shape.length >= 2 && sameShape(target, flat)) graph.addResult(o, flatten, {}, inputs);
    else graph.addResult(o, reshape, { shape: target }, inputs);
  };

/** RESHAPE: the new shape is an operand or an option; an extent of -1 is what is left. */
export const readReshape = readAs((o, graph, from) => {
  const told =
    (o.inputs[1] ?? -1) >= 0
      ? concrete(graph.dimsInput(o, 1, 'shape'))
      : optionsOf(o, schema.ReshapeOptionsT).newShape;
  const known = told.reduce((size, dim) => (dim < 0 ? size : size * dim), 1);
  return told.map((dim) => (dim < 0 ? sizeOf(from) / known : dim));
});

/** SQUEEZE: axes of extent 1 are dropped, those that are listed, or all. */
export const readSqueeze = readAs((o, _, from) => {
  const listed = optionsOf(o, schema.SqueezeOptionsT).squeezeDims.map((axis) =>
    axis < 0 ? axis + from.length : axis,
  );
  return from.filter((dim, axis) => (listed.length > 0 ? !listed.includes(axis) : dim !== 1));
});

/** EXPAND_DIMS: an axis of extent 1 more. */
export const readExpandDims = readAs((o, graph, from) => {
  const [axis = NaN] = readList(o, graph, 1, 'axis');
  const at = axis < 0 ? axis + from.length + 1 : axis;
  if (!(at >= 0 && at <= from.length)) throw invalid(o, `a new axis ${axis} of ${from.length} axes`);
  return [...from.slice(0, at), 1, ...from.slice(at)];
});
