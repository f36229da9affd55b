import { concrete, reshape, slice, split } from '@whittle/core';
import type { AxisRange } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** A list of integers that must be a constant. */
export function readList(o: OperatorView, graph: GraphReader, position: number, what: string): number[] {
  return Array.from(graph.constantInput(o, position, what).data, Number);
}

/** SLICE: begin and size, -1 being all that is left. */
export function readSlice(o: OperatorView, graph: GraphReader): void {
  const shape = concrete(graph.inputType(o, 0).shape);
  const begin = readList(o, graph, 1, 'begin');
  const size = readList(o, graph, 2, 'size');
  if (begin.length !== shape.length || size.length !== shape.length)
    throw invalid(o, `begin and size of ${begin.length} and ${size.length} axes, expected ${shape.length}`);
  const ranges = shape.flatMap((extent, axis): AxisRange[] => {
    const count = size[axis] < 0 ? extent - begin[axis] : size[axis];
    if (count < 1) throw unreadable(o, `nothing is left of axis ${axis}, expected elements`);
    return count === extent ? [] : [{ axis, start: begin[axis], size: count, step: 1 }];
  });
  graph.addResult(o, slice, { ranges }, [graph.input(o, 0)]);
}

/** REVERSE_V2: a slice that goes backwards. */
export function readReverse(o: OperatorView, graph: GraphReader): void {
  const shape = concrete(graph.inputType(o, 0).shape);
  const ranges = readList(o, graph, 1, 'axes').map((listed): AxisRange => {
    const axis = listed < 0 ? listed + shape.length : listed;
    const size = shape[axis] ?? 1;
    return { axis, start: size - 1, size, step: -1 };
  });
  graph.addResult(o, slice, { ranges }, [graph.input(o, 0)]);
}

/** SPLIT: the axis first, then what is cut into equal parts. */
export function readSplit(o: OperatorView, graph: GraphReader): void {
  const axis = readAxis(o, graph, 0, graph.inputType(o, 1).shape.length);
  const extent = concrete(graph.inputType(o, 1).shape)[axis] ?? 0;
  const { numSplits } = optionsOf(o, schema.SplitOptionsT);
  if (numSplits < 1 || extent % numSplits !== 0)
    throw invalid(o, `${extent} elements in ${numSplits} parts, expected equal ones`);
  addSplit(o, graph, 1, axis, new Array<number>(numSplits).fill(extent / numSplits));
}

/** SPLIT_V: sizes, one of which may be -1, all that is left. */
export function readSplitV(o: OperatorView, graph: GraphReader): void {
  const { shape } = graph.inputType(o, 0);
  const axis = readAxis(o, graph, 2, shape.length);
  const listed = readList(o, graph, 1, 'sizes');
  const known = listed.reduce((sum, size) => sum + Math.max(size, 0), 0);
  const rest = (concrete(shape)[axis] ?? 0) - known;
  const sizes = listed.map((size) => (size < 0 ? rest : size));
  if (sizes.some((size) => size < 1))
    throw unreadable(o, `parts of ${sizes.join(', ')} elements, expected some in each`);
  addSplit(o, graph, 0, axis, sizes);
}

function addSplit(o: OperatorView, graph: GraphReader, input: number, axis: number, sizes: number[]): void {
  const [first, ...rest] = sizes;
  graph.addResults(o, split, { axis, sizes: [first, ...rest] }, [graph.input(o, input)]);
}

/** UNPACK: the input is cut along an axis, which then goes from every part. */
export function readUnpack(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.UnpackOptionsT);
  const { shape } = graph.inputType(o, 0);
  const axis = options.axis < 0 ? options.axis + shape.length : options.axis;
  if (shape[axis] !== o.outputs.length)
    throw invalid(
      o,
      `${o.outputs.length} outputs of axis ${axis} of [${shape.join(', ')}], expected one each`,
    );
  const [first, ...rest] = o.outputs.map(() => 1);
  const sizes: [number, ...number[]] = [first, ...rest];
  const parts = graph.addParts(o, split, { axis, sizes }, [graph.input(o, 0)], sizes.length);
  const narrower = shape.filter((_, i) => i !== axis);
  parts.forEach((part, i) => graph.addOutput(o, i, reshape, { shape: narrower }, part));
}

function readAxis(o: OperatorView, graph: GraphReader, position: number, rank: number): number {
  const [axis = NaN] = readList(o, graph, position, 'axis');
  return axis < 0 ? axis + rank : axis;
}
