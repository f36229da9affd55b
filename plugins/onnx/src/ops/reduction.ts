import {
  abs,
  argMax,
  argMin,
  concrete,
  exp,
  log,
  mean,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceSum,
  sizeOf,
  sqrt,
  square,
} from '@whittle/core';
import type { Dim, Id, OpDefinition, ReductionOp } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import { range } from '../values/order.js';
import type { OpReader, OpReaders } from './op-reader.js';

interface Around {
  readonly before?: OpDefinition<object>;
  readonly after?: OpDefinition<object>;
}

/** A reduction over axes, what comes before it and behind it being element-wise. */
function reduction(op: ReductionOp, axesAsOperandSince: number, { before, after }: Around = {}): OpReader {
  return (call) => {
    const value = call.operand(0);
    call.expectFloat(value);
    const rank = call.rank(0);
    const told = call.opset >= axesAsOperandSince ? call.numbersOr(1, 'axes') : call.attributes.ints('axes');
    const all = (told ?? []).length === 0;
    if (all && call.attributes.flag('noop_with_empty_axes') && !before && !after) return call.alias(value);
    const axes = all ? range(0, rank) : [...new Set((told ?? []).map((axis) => call.axis(axis, rank)))];
    const keepDims = call.attributes.flag('keepdims', true);
    const x = call.withAxes(value, axes);
    const what = (next: unknown, name: string) => (next ? name : undefined);
    let id: Id = before ? call.emit(before, {}, [x.id], 'before') : x.id;
    const places = axes.map((axis) => x.order.indexOf(axis)).filter((at) => at >= 0);
    let order: readonly number[] = x.order;
    // Axis 0 is never reduced: an axis of extent 1 comes before it.
    if (places.includes(0)) {
      if (x.shape[x.order[0]] === 'batch') throw new BatchMixed(call.where, `${call.op} over the batch`);
      id = call.reshape(id, [1, ...call.graph.typeOf(id).shape]);
      order = [-1, ...order];
    }
    const reduced = order.flatMap((axis, at) => (axes.includes(axis) ? [at] : []));
    if (reduced.length > 0) {
      const attributes = { axes: reduced as [number, ...number[]], keepDims };
      id = call.emit(op, attributes, [id], what(after, 'reduced'));
      order = keepDims
        ? order.map((axis) => (axes.includes(axis) ? -1 : axis))
        : order.filter((axis) => !axes.includes(axis));
    }
    if (after) id = call.emit(after, {}, [id]);
    const kept = range(0, rank).filter((axis) => !axes.includes(axis));
    const shape = keepDims
      ? x.shape.map((dim, axis): Dim => (axes.includes(axis) ? 1 : dim))
      : kept.map((axis) => x.shape[axis]);
    call.result(id, keepDims ? order : order.map((axis) => kept.indexOf(axis)), { shape });
  };
}

function extremum(op: typeof argMax): OpReader {
  return (call) => {
    call.only('select_last_index', call.attributes.int('select_last_index', 0), 0);
    const value = call.operand(0);
    call.expectFloat(value);
    const rank = call.rank(0);
    const axis = call.axis(call.attributes.int('axis', 0), rank);
    const x = call.withAxes(value, [axis]);
    if (x.shape[axis] === 'batch') throw new BatchMixed(call.where, `${call.op} over the batch`);
    let [id, order]: [Id, readonly number[]] = [x.id, x.order];
    if (order[0] === axis) {
      id = call.reshape(id, [1, ...call.graph.typeOf(id).shape]);
      order = [-1, ...order];
    }
    const result = call.emit(op, { axis: order.indexOf(axis), dtype: 'int64' }, [id]);
    const rest = order.filter((each) => each !== axis);
    const keepDims = call.attributes.flag('keepdims', true);
    if (keepDims)
      return call.result(result, rest, { shape: x.shape.map((dim, i): Dim => (i === axis ? 1 : dim)) });
    const shape = x.shape.filter((_, i) => i !== axis);
    call.result(
      result,
      rest.map((each) => (each > axis ? each - 1 : each)),
      { shape },
    );
  };
}

/** Elements of a shape, the batch being one. */
export function elements(shape: readonly Dim[]): number {
  return sizeOf(concrete(shape));
}

export const reductionReaders: OpReaders = {
  ReduceMean: reduction(mean, 18),
  ReduceSum: reduction(reduceSum, 13),
  ReduceMax: reduction(reduceMax, 18),
  ReduceMin: reduction(reduceMin, 18),
  ReduceProd: reduction(reduceProd, 18),
  ReduceL1: reduction(reduceSum, 18, { before: abs }),
  ReduceL2: reduction(reduceSum, 18, { before: square, after: sqrt }),
  ReduceSumSquare: reduction(reduceSum, 18, { before: square }),
  ReduceLogSum: reduction(reduceSum, 18, { after: log }),
  ReduceLogSumExp: reduction(reduceSum, 18, { before: exp, after: log }),
  ArgMax: extremum(argMax),
  ArgMin: extremum(argMin),
};
