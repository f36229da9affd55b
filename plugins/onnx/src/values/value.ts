import type { Dim, DType, Id, Tensor } from '@whittle/core';
import type { Order } from './order.js';

/**
 * Indices along one axis that are stored in another order, because the axis was made of several: stored index runs over
 * the factors in `order`, the file's index over them as `extents` has them.
 */
export interface Scramble {
  /** Of the file's shape. */
  readonly axis: number;
  readonly extents: readonly number[];
  readonly order: readonly number[];
}

/** A value that the model computes. `shape` is the file's; how it is stored is said by `order` and `scramble`. */
export interface Activation {
  readonly kind: 'activation';
  readonly id: Id;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  readonly order: Order;
  readonly scramble?: Scramble;
}

/** A value that is known, in the file's shape. */
export interface Constant {
  readonly kind: 'constant';
  readonly name: string;
  readonly tensor: Tensor;
  /** Flat indices of elements that stand for the size of the batch; they hold 1. */
  readonly batch?: ReadonlySet<number>;
}

/** A value whose node can't be read. */
export interface Unread {
  readonly kind: 'unread';
}

export type Value = Activation | Constant | Unread;

export function shapeOf(value: Activation | Constant): readonly Dim[] {
  return value.kind === 'constant' ? value.tensor.shape : value.shape;
}

export function dtypeOf(value: Activation | Constant): DType {
  return value.kind === 'constant' ? value.tensor.dtype : value.dtype;
}

/** For each stored index of a scrambled axis, the file's index. */
export function scrambledIndices({ extents, order }: Scramble): Int32Array {
  const strides = extents.map((_, i) => extents.slice(i + 1).reduce((a, b) => a * b, 1));
  let indices = Int32Array.of(0);
  for (const factor of order) {
    const wider = new Int32Array(indices.length * extents[factor]);
    indices.forEach((base, i) => {
      for (let j = 0; j < extents[factor]; j++) wider[i * extents[factor] + j] = base + j * strides[factor];
    });
    indices = wider;
  }
  return indices;
}

export function sameScramble(a: Scramble | undefined, b: Scramble | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
