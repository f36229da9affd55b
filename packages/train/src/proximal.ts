import type { Parameter } from '@whittle/core';
import type { ParameterSelector } from './penalty.js';
import { scalesOnly, weightsAndScales } from './penalty.js';

/** What is done to parameters after the optimizer's step. */
export interface Proximal {
  readonly name: string;
  applies(parameter: Parameter): boolean;
  /** Changes values in place. `parameter` is the one that is trained, as it was before training. */
  apply(values: Float32Array, learningRate: number, parameter: Parameter): void;
}

/** w <- sign(w) max(|w| - weight * rate, 0): the proximal step of an L1 penalty, which reaches exact zeros. */
export function softThreshold(weight: number, applies: ParameterSelector = scalesOnly): Proximal {
  return {
    name: 'soft-threshold',
    applies,
    apply(values, learningRate) {
      const threshold = weight * learningRate;
      for (let i = 0; i < values.length; i++)
        values[i] = Math.sign(values[i]) * Math.max(Math.abs(values[i]) - threshold, 0);
    },
  };
}

/** w <- w - weight * rate * w: weight decay apart from the gradient (Loshchilov and Hutter 2019, AdamW). */
export function decoupledWeightDecay(
  weight: number,
  applies: ParameterSelector = weightsAndScales,
): Proximal {
  return {
    name: 'decoupled-weight-decay',
    applies,
    apply(values, learningRate) {
      const kept = 1 - weight * learningRate;
      for (let i = 0; i < values.length; i++) values[i] *= kept;
    },
  };
}
