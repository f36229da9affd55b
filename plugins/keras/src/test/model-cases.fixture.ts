import { expect } from 'vitest';
import { interpret, tensor } from '@whittle/core';
import type { DType } from '@whittle/core';
import { readKerasModel } from '../index.js';
import { largestError } from './largest-error.fixture.js';

interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model's inputs, and what Keras computes of them. */
export interface ModelCase {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** What is wrong with a file that should give the case's outputs, within 1e-4 of the largest; undefined where nothing is. */
export function faultOf({ inputs, outputs }: ModelCase, bytes: Uint8Array): string | undefined {
  try {
    const model = readKerasModel(bytes);
    const feeds = model.inputs.map(({ id }, i) => {
      const { dtype, shape, data } = inputs[i];
      return [id, tensor(dtype, shape, [...data])] as const;
    });
    const values = interpret(model, new Map(feeds));
    const found = model.outputs.map(({ id }) => values.get(id)!);
    expect(found.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    const errors = found.map((value, i) => largestError(outputs[i], value));
    return Math.max(...errors) <= 1e-4 ? undefined : `error ${errors.join(', ')}`;
  } catch (error) {
    return String(error);
  }
}
