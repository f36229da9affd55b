import { BatchMixed, concrete, div, floor, floorMod, sizeOf, sub, tensor } from '@whittle/core';
import type { DType } from '@whittle/core';
import type { GraphReader } from './graph-reader.js';
import { knownDims, mixed } from './known-values.js';
import { invalid, unreadable } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import type { OperatorView } from './operator-view.js';

const none = { activation: 'none' } as const;

/** SHAPE: known, but for the size of the batch. */
function readShape(o: OperatorView, graph: GraphReader): void {
  const { dtype } = graph.typeOf(o.outputs[0]);
  if (dtype !== 'int32' && dtype !== 'int64')
    throw invalid(o, `a shape of ${dtype}, expected int32 or int64`);
  graph.addKnown(o, knownDims(dtype, graph.inputType(o, 0).shape));
}

function readRank(o: OperatorView, graph: GraphReader): void {
  graph.addKnown(o, { tensor: tensor('int32', [], [graph.inputType(o, 0).shape.length]) });
}

/** FILL: a shape, and the number that all elements are. */
function readFill(o: OperatorView, graph: GraphReader): void {
  const dims = graph.dimsInput(o, 0, 'shape');
  if (dims.includes('batch')) throw new BatchMixed(mixed(o));
  const value = graph.constantInput(o, 1, 'value');
  if (value.data.length !== 1) throw invalid(o, `${value.data.length} values to fill with, expected 1`);
  addFilled(o, graph, value.dtype, concrete(dims), value.data[0]);
}

function readZerosLike(o: OperatorView, graph: GraphReader): void {
  const { dtype, shape } = graph.inputType(o, 0);
  if (shape.includes('batch')) throw new BatchMixed(mixed(o));
  addFilled(o, graph, dtype, concrete(shape), dtype === 'int64' ? 0n : 0);
}

function addFilled(
  o: OperatorView,
  graph: GraphReader,
  dtype: DType,
  shape: readonly number[],
  value: number | bigint,
): void {
  if (shape.some((dim) => !(Number.isSafeInteger(dim) && dim > 0)))
    throw invalid(o, `a shape of [${shape.slice(0, 16).join(', ')}]`);
  graph.claim(o, sizeOf(shape));
  const filled = tensor(dtype, shape);
  filled.data.fill(value as never);
  graph.addKnown(o, { tensor: filled });
}

/** RANGE: from a start to a limit, that left out, in steps. */
function readRange(o: OperatorView, graph: GraphReader): void {
  const bounds = ['start', 'limit', 'step'].map((what, i) => graph.constantInput(o, i, what));
  const [start, limit, step] = bounds.map(({ data }) => Number(data[0]));
  const count = Math.ceil((limit - start) / step);
  if (!(count >= 1) || !Number.isSafeInteger(count))
    throw unreadable(o, `from ${start} to ${limit} in steps of ${step}, expected elements`);
  graph.claim(o, count);
  const numbers = Array.from({ length: count }, (_, i) => start + i * step);
  graph.addKnown(o, { tensor: tensor(bounds[0].dtype, [count], numbers) });
}

/** FLOOR_DIV: of integers what is left over is taken off first, so that nothing is to be rounded. */
function readFloorDiv(o: OperatorView, graph: GraphReader): void {
  const [a, b] = [0, 1].map((i) => graph.input(o, i));
  if (graph.valueType(a).dtype === 'float32')
    return graph.addResult(o, floor, {}, [graph.addBetween(o, div, none, a, b)]);
  const left = graph.addBetween(o, floorMod, none, a, b);
  graph.addResult(o, div, none, [graph.addBetween(o, sub, none, a, left), b]);
}

/** Readers of operators that tell shapes, and make values of them. */
export const shapeReaders: Readonly<Record<string, OperatorReader>> = {
  FILL: readFill,
  FLOOR_DIV: readFloorDiv,
  RANGE: readRange,
  RANK: readRank,
  SHAPE: readShape,
  ZEROS_LIKE: readZerosLike,
};
