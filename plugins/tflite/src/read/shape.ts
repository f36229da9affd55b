import { concat, flatten, pad, reshape, sameShape, sizeOf, concrete } from '@whittle/core';
import type { Dim } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, readActivation, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/**
 * RESHAPE, SQUEEZE, EXPAND_DIMS: the new shape is that of the output, with the batch where the input has it. [N, ...] to
 * [N, all of it] is a flatten.
 */
export function readReshape(o: OperatorView, graph: GraphReader): void {
  const { shape } = graph.inputType(o, 0);
  const result = graph.typeOf(o.outputs[0]).shape;
  const batched = shape[0] === 'batch' && result[0] === 1;
  const target = result.map((dim, axis): Dim => (batched && axis === 0 ? 'batch' : dim));
  const inputs = [graph.input(o, 0)];
  const flat = [shape[0], sizeOf(concrete(shape.slice(1)))];
  if (shape.length >= 2 && sameShape(target, flat)) graph.addResult(o, flatten, {}, inputs);
  else graph.addResult(o, reshape, { shape: target }, inputs);
}

export function readConcat(o: OperatorView, graph: GraphReader): void {
  const { axis, fusedActivationFunction } = optionsOf(o, schema.ConcatenationOptionsT);
  if (readActivation(o, fusedActivationFunction) !== 'none')
    throw unreadable(o, 'a concatenation with a fused activation has no counterpart');
  const rank = graph.inputType(o, 0).shape.length;
  const inputs = o.inputs.map((_, i) => graph.input(o, i));
  graph.addResult(o, concat, { axis: axis < 0 ? axis + rank : axis }, inputs);
}

/** PACK: each operand gets the new axis, then they are joined along it. */
export function readPack(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.PackOptionsT);
  const rank = graph.inputType(o, 0).shape.length + 1;
  const axis = options.axis < 0 ? options.axis + rank : options.axis;
  if (axis === 0) throw unreadable(o, 'a new first axis to pack along, expected a later one');
  const parts = o.inputs.map((_, i) => {
    const { shape } = graph.inputType(o, i);
    const wider = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    return graph.addBetween(o, reshape, { shape: wider }, graph.input(o, i));
  });
  graph.addResult(o, concat, { axis }, parts);
}

/** PAD, and PADV2 with its value as the third input, in the output's quantization. */
export function readPad(o: OperatorView, graph: GraphReader): void {
  const value = o.inputs.length > 2 ? padValue(o, graph) : 0;
  graph.addResult(o, pad, { paddings: readPaddings(o, graph), value }, [graph.input(o, 0)]);
}

/** The margins of each axis, which are the second input. */
export function readPaddings(o: OperatorView, graph: GraphReader): [number, number][] {
  const margins = graph.constantInput(o, 1, 'padding');
  const [axes, two] = margins.shape;
  if (margins.shape.length !== 2 || two !== 2)
    throw invalid(o, `paddings of shape [${margins.shape.join(', ')}], expected [rank, 2]`);
  return Array.from({ length: axes }, (_, i): [number, number] => [
    Number(margins.data[2 * i]),
    Number(margins.data[2 * i + 1]),
  ]);
}

function padValue(o: OperatorView, graph: GraphReader): number {
  const { data, quantization: q } = graph.constantInput(o, 2, 'value');
  if (data.length !== 1) throw invalid(o, `${data.length} values to pad with, expected 1`);
  const stored = Number(data[0]);
  return q ? q.scale[0] * (stored - q.zeroPoint[0]) : stored;
}
