import {
  argMax,
  argMin,
  cumsum,
  mean,
  mul,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceSum,
  sqrt,
  tensor,
} from '@whittle/core';
import type { ArgExtremumAttributes, OpDefinition, ReductionAttributes } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { dtypeOf, shapeOf } from '../value.js';
import type { Known, Operand } from '../value.js';
import { expectReal } from './arithmetic.js';
import { emptyValue } from './empty.js';
import { alongAxes } from './first-axis.js';
import type { OpReader, OpReaders } from './op-reader.js';

function axesOf(call: NodeCall, rank: number): number[] {
  const axes = call.integers(1, 'axes').map((axis) => call.axis(axis, rank));
  return [...new Set(axes)].sort((a, b) => a - b);
}

function reduced(
  call: NodeCall,
  op: OpDefinition<ReductionAttributes>,
  x: Operand,
  suffix?: string,
): Operand {
  const axes = axesOf(call, call.rank(x));
  if (axes.length === 0) return x;
  const empty = emptyValue(x);
  if (empty) return reducedEmpty(call, op, empty);
  // One element is what it is, the size of the batch too.
  if (x.kind === 'known' && x.batch && axes.every((axis) => shapeOf(x)[axis] === 1)) return x;
  const keepDims = call.attributes.boolean('keep_dims');
  const [result] = alongAxes(call, [x], axes, ([value], at, inner) => [
    call.apply(op, { axes: at as [number], keepDims }, [value], { suffix: inner ?? suffix }),
  ]);
  return result;
}

/** A list without elements, as one number. */
function reducedEmpty(call: NodeCall, op: OpDefinition<ReductionAttributes>, x: Known): Known {
  const result = op === reduceProd ? 1 : op === reduceSum ? 0 : undefined;
  if (result === undefined || x.tensor.shape.length !== 1) throw call.unsupported('an empty operand');
  const shape = call.attributes.boolean('keep_dims') ? [1] : [];
  return { kind: 'known', name: call.name, tensor: tensor(x.tensor.dtype, shape, [result]) };
}

function reduction(op: OpDefinition<ReductionAttributes>): OpReader {
  return (call) => reduced(call, op, expectReal(call, call.operand(0)));
}

/** The square root of the sum of squares. */
const euclideanNorm: OpReader = (call) => {
  const x = expectReal(call, call.operand(0));
  return call.apply(sqrt, {}, [reduced(call, reduceSum, call.binary(mul, x, x, 'squared'), 'sum')]);
};

function argExtremum(op: OpDefinition<ArgExtremumAttributes>): OpReader {
  return (call) => {
    const x = expectReal(call, call.operand(0));
    const axis = call.axis(call.integer(1, 'an axis'), call.rank(x));
    return alongAxes(call, [x], [axis], ([value], [at], suffix) => [
      call.apply(op, { axis: at, dtype: 'int32' }, [value], { suffix }),
    ])[0];
  };
}

const cumulative: OpReader = (call) => {
  const x = expectReal(call, call.operand(0));
  const axis = call.axis(call.integer(1, 'an axis'), call.rank(x));
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((key) => call.attributes.boolean(key));
  return alongAxes(call, [x], [axis], ([value], [at], suffix) => [
    call.apply(cumsum, { axis: at, exclusive, reverse }, [value], { suffix }),
  ])[0];
};

/** A mean of known integers is cut to one. */
const meanOf: OpReader = (call) => {
  if (dtypeOf(call.operand(0)) !== 'float32') throw call.unsupported('integers');
  return reduction(mean)(call);
};

export const reductionReaders: OpReaders = {
  Mean: meanOf,
  Sum: reduction(reduceSum),
  Max: reduction(reduceMax),
  Min: reduction(reduceMin),
  Prod: reduction(reduceProd),
  EuclideanNorm: euclideanNorm,
  ArgMax: argExtremum(argMax),
  ArgMin: argExtremum(argMin),
  Cumsum: cumulative,
};
