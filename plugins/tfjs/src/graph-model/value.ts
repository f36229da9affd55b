import type { Dim, DType, Id, Pair, Tensor } from '@whittle/core';

/** A value that the model computes. */
export interface Computed {
  readonly kind: 'computed';
  readonly id: Id;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

/** A value that is known now. */
export interface Known {
  readonly kind: 'known';
  /** Names it where it becomes a parameter. */
  readonly name: string;
  readonly tensor: Tensor;
  /** Where elements stand for the size of the batch: of the tensor's shape, 1 there. Such elements hold 1. */
  readonly batch?: Tensor;
}

/** An image cut into those that lie `block` pixels apart, for a convolution that is dilated by as much: the image as a whole. */
export interface Spread {
  readonly kind: 'spread';
  readonly image: Computed;
  readonly block: Pair;
}

/** A value whose node can't be read. */
export interface Unread {
  readonly kind: 'unread';
}

/** What an op reads. */
export type Operand = Computed | Known;

export type Value = Operand | Spread | Unread;

export function shapeOf(value: Operand): readonly Dim[] {
  return value.kind === 'known' ? value.tensor.shape : value.shape;
}

export function dtypeOf(value: Operand): DType {
  return value.kind === 'known' ? value.tensor.dtype : value.dtype;
}
