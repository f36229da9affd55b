import type { Parameter } from '@whittle/core';
import type { Schedule } from './schedule.js';

/** Chooses parameters. */
export type ParameterSelector = (parameter: Parameter) => boolean;

/**
 * A part of the objective that looks at parameters alone, so that its gradient is known without the tape. It is added to
 * the gradients of the terms before the optimizer sees them.
 */
export interface Penalty {
  readonly name: string;
  readonly weight: number | Schedule;
  applies(parameter: Parameter): boolean;
  /**
   * Adds `weight` times its (sub)gradient at `values`, and returns its value, not weighted. `parameter` is the one that is
   * trained, as it was before training.
   */
  addGradient(values: Float32Array, gradient: Float32Array, weight: number, parameter: Parameter): number;
}

/** Weights of convolutions and dense layers, scales of batch norms; not biases and offsets. */
export const weightsAndScales: ParameterSelector = ({ role }) => role === 'weight' || role === 'scale';

/** Scales of batch norms. */
export const scalesOnly: ParameterSelector = ({ role }) => role === 'scale';

/**
 * sum |w|, with the subgradient sign(w), which is 0 at 0. On scales of batch norms it is the sparsity term of Network
 * Slimming (Liu et al. 2017, equation 1).
 */
export function l1(weight: number | Schedule, applies: ParameterSelector = scalesOnly): Penalty {
  return {
    name: 'l1',
    weight,
    applies,
    addGradient(values, gradient, lambda) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        sum += Math.abs(value);
        gradient[i] += lambda * Math.sign(value);
      }
      return sum;
    },
  };
}

/** sum w^2 / 2, with the gradient w: what is called weight decay where the optimizer is plain SGD. */
export function weightDecay(
  weight: number | Schedule,
  applies: ParameterSelector = weightsAndScales,
): Penalty {
  return {
    name: 'weight-decay',
    weight,
    applies,
    addGradient(values, gradient, lambda) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        sum += value * value;
        gradient[i] += lambda * value;
      }
      return sum / 2;
    },
  };
}
