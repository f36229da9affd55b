import { sizeOf, tensor } from '@whittle/core';
import type { Dim, DType, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import { toInt64 } from '../tensors/read-tensor.js';
import type { Constant } from '../values/value.js';

/** A tensor of these numbers. */
export function tensorOf(dtype: DType, shape: readonly number[], values: readonly number[]): Tensor {
  return dtype === 'int64'
    ? tensor(
        dtype,
        shape,
        BigInt64Array.from(values, (value) => toInt64(value)),
      )
    : tensor(dtype, shape, values);
}

/** Elements as numbers; where they stand for the size of the batch, 'batch'. */
export function dimsOf({ tensor: value, batch }: Constant): Dim[] {
  return Array.from(value.data as Float32Array, (element, i) => (batch?.has(i) ? 'batch' : Number(element)));
}

/** The result is these extents, as int64. */
export function knownDims(
  call: NodeCall,
  dims: readonly Dim[],
  shape: readonly number[] = [dims.length],
): void {
  const flags = dims.flatMap((dim, i) => (dim === 'batch' ? [i] : []));
  const values = dims.map((dim) => (dim === 'batch' ? 1 : dim));
  call.known(tensorOf('int64', shape, values), new Set(flags));
}

/** The result is what `move` makes of an operand by moving its elements about; which of them are the batch moves along. */
export function knownMoved(call: NodeCall, value: Constant, move: (value: Tensor) => Tensor, i = 0): void {
  const moved = move(value.tensor);
  call.graph.claim(call.where, moved.data === value.tensor.data ? 0 : moved.data.length);
  call.known(moved, value.batch && flagged(move(flagsOf(value))), i);
}

/** Where elements are the batch, as a tensor. */
export function flagsOf({ tensor: { shape }, batch }: Constant): Tensor {
  const flags = tensor('bool', shape);
  for (const i of batch ?? []) flags.data[i] = 1;
  return flags;
}

export function flagged(flags: Tensor): Set<number> {
  return new Set(Array.from(flags.data as Uint8Array).flatMap((flag, i) => (flag ? [i] : [])));
}

/** @throws FORMAT_INVALID for a shape of more elements than fit */
export function claimShape(call: NodeCall, shape: readonly number[]): void {
  if (shape.some((dim) => !Number.isSafeInteger(dim) || dim < 0) || shape.length > 16)
    throw call.invalid(`a shape of [${shape.slice(0, 16).join(', ')}]`);
  call.graph.claim(call.where, sizeOf(shape));
}

/** @throws BatchMixed where a known value depends on the batch */
export function expectNoBatch(call: NodeCall, ...values: readonly Constant[]): void {
  if (values.some(({ batch }) => batch && batch.size > 0))
    throw new BatchMixed(call.where, `${call.op} computes with the size of the batch`);
}
