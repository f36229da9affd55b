import { concrete, sizeOf, tensor } from '@whittle/core';
import type { Dim, DType, Tensor } from '@whittle/core';
import { BatchMixed } from '../../faults.js';
import { largestExtent } from '../node-call.js';
import type { NodeCall } from '../node-call.js';
import { dtypeOf, shapeOf } from '../value.js';
import type { Known } from '../value.js';
import type { OpReader, OpReaders } from './op-reader.js';

function made(call: NodeCall, value: Tensor): Known {
  return { kind: 'known', name: call.name, tensor: value };
}

/** Extents as int32; where they are the batch, they say so. */
function knownDims(call: NodeCall, dims: readonly Dim[]): Known {
  const own = made(call, tensor('int32', [dims.length], concrete(dims)));
  if (!dims.includes('batch')) return own;
  return {
    ...own,
    batch: tensor(
      'int32',
      [dims.length],
      dims.map((dim) => (dim === 'batch' ? 1 : 0)),
    ),
  };
}

const size: OpReader = (call) => {
  const shape = shapeOf(call.operand(0));
  if (shape.includes('batch')) throw new BatchMixed(call.name, 'the size of the batch counts');
  return made(call, tensor('int32', [], [sizeOf(concrete(shape))]));
};

/** A shape that is known, of no more elements than a file of this size has. */
function shapeAt(call: NodeCall, i: number): number[] {
  const shape = call.integers(i, 'a shape');
  if (shape.length > 16 || shape.some((dim) => dim < 0 || dim > largestExtent))
    throw call.invalid(`a shape of [${shape.slice(0, 16).join(', ')}]`);
  call.graph.claim(call.name, sizeOf(shape));
  return shape;
}

function filled(call: NodeCall, dtype: DType, shape: readonly number[], number: number): Known {
  const value = tensor(dtype, shape);
  value.data.fill(number as never);
  return made(call, value);
}

const fill: OpReader = (call) => {
  const { tensor: value } = call.known(1, 'a number');
  if (value.data.length !== 1) throw call.invalid('what is filled in is no number');
  return filled(call, value.dtype, shapeAt(call, 0), Number(value.data[0]));
};

const filledAs =
  (number: number): OpReader =>
  (call) =>
    filled(call, call.attributes.dtype('T', 'float32'), shapeAt(call, 0), number);

/** Zeros or ones of a value's shape. */
const filledLike =
  (number: number): OpReader =>
  (call) => {
    const like = call.operand(0);
    const shape = shapeOf(like);
    if (shape.includes('batch'))
      throw new BatchMixed(call.name, 'a value for each example, whatever it holds');
    call.graph.claim(call.name, sizeOf(concrete(shape)));
    return filled(call, dtypeOf(like), concrete(shape), number);
  };

const range: OpReader = (call) => {
  const operands = [0, 1, 2].map((i) => call.known(i, 'a bound'));
  if (operands.some(({ batch }) => batch)) throw new BatchMixed(call.name, 'a bound that is the batch');
  const [start, limit, step] = operands.map(({ tensor: { data } }) => Number(data[0]));
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!(count <= largestExtent)) throw call.invalid(`from ${start} to ${limit} in steps of ${step}`);
  call.graph.claim(call.name, count);
  const { dtype } = operands[0].tensor;
  return made(
    call,
    tensor(
      dtype,
      [count],
      Array.from({ length: count }, (_, i) => start + i * step),
    ),
  );
};

export const knownReaders: OpReaders = {
  Shape: (call) => knownDims(call, shapeOf(call.operand(0))),
  ShapeN: (call) => call.operands.map((operand) => knownDims(call, shapeOf(operand))),
  Rank: (call) => made(call, tensor('int32', [], [shapeOf(call.operand(0)).length])),
  Size: size,
  Fill: fill,
  Zeros: filledAs(0),
  Ones: filledAs(1),
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Range: range,
};
