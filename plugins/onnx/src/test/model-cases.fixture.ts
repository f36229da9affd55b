import { expect } from 'vitest';
import { interpret, permuteAxes, tensor } from '@whittle/core';
import type { DType, Model, Tensor } from '@whittle/core';

export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model's inputs, and what ONNX Runtime computes of them; axes as the file has them. */
export interface ModelCase {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** For each axis of a model's input or output, the file's. */
export function axesOf(model: Model, id: string, rank: number): number[] {
  return (
    model.metadata[`onnx/axes/${id}`]?.split(',').map(Number) ?? Array.from({ length: rank }, (_, i) => i)
  );
}

/** What a model computes of a file's inputs, axes as the file has them. */
export function compute(model: Model, inputs: readonly Tensor[]): Tensor[] {
  const feeds = model.inputs.map(({ id }, i) => {
    const value = inputs[i];
    return [id, permuteAxes(value, axesOf(model, id, value.shape.length))] as const;
  });
  const values = interpret(model, new Map(feeds));
  return model.outputs.map(({ id }) => {
    const value = values.get(id)!;
    const axes = axesOf(model, id, value.shape.length);
    return permuteAxes(
      value,
      axes.map((_, axis) => axes.indexOf(axis)),
    );
  });
}

/** The largest difference of two tensors' elements, relative to the largest element expected. */
export function largestError(
  expected: { readonly data: ArrayLike<number | bigint> },
  found: { readonly data: ArrayLike<number | bigint> },
): number {
  let largest = 0;
  let error = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const wanted = Number(expected.data[i]);
    const difference = Math.abs(wanted - Number(found.data[i]));
    largest = Math.max(largest, Math.abs(wanted));
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  return error === 0 ? 0 : error / largest;
}

/** What is wrong with a model that should give the case's outputs, within 1e-4 of the largest; undefined where nothing is. */
export function faultOf({ inputs, outputs }: ModelCase, model: Model): string | undefined {
  const values = inputs.map(({ dtype, shape, data }) => tensor(dtype, shape, [...data]));
  const found = compute(model, values);
  expect(found.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
  const errors = found.map((value, i) => largestError(outputs[i], value));
  return Math.max(...errors) <= 1e-4 ? undefined : `error ${errors.join(', ')}`;
}
