import { WhittleError } from '@whittle/core';

/** One parameter at one step, for an optimizer. All arrays have the parameter's length. */
export interface ParameterStep {
  /** Changed in place. */
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  /** The optimizer's own arrays, in the order of its slots; zero at first, changed in place. */
  readonly slots: readonly Float32Array[];
  readonly learningRate: number;
  /** From 1. */
  readonly step: number;
}

/** Turns gradients into changes. All that it remembers is in its slots, which checkpoints hold. */
export interface Optimizer {
  readonly name: string;
  /** Names of the arrays kept for each parameter. */
  readonly slots: readonly string[];
  update(step: ParameterStep): void;
}

export interface SgdOptions {
  /** 0 up to 1; 0.9 unless told. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum: v <- momentum v + g; w <- w - rate v, with Nesterov's
 * w <- w - rate (g + momentum v) (Sutskever et al. 2013, in the form of Bengio et al. 2013, equation 7).
 * @throws OPTION_INVALID
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0.9, nesterov = false } = options;
  expectRange('momentum', momentum, 0, 1);
  if (nesterov && momentum === 0)
    throw new WhittleError('OPTION_INVALID', 'Nesterov needs a momentum above 0, found 0');
  if (momentum === 0)
    return {
      name: 'sgd',
      slots: [],
      update({ values, gradient, learningRate }) {
        for (let i = 0; i < values.length; i++) values[i] -= learningRate * gradient[i];
      },
    };
  return {
    name: 'sgd',
    slots: ['velocity'],
    update({ values, gradient, slots: [velocity], learningRate }) {
      if (nesterov)
        for (let i = 0; i < values.length; i++) {
          const v = (velocity[i] = momentum * velocity[i] + gradient[i]);
          values[i] -= learningRate * (gradient[i] + momentum * v);
        }
      else
        for (let i = 0; i < values.length; i++) {
          const v = (velocity[i] = momentum * velocity[i] + gradient[i]);
          values[i] -= learningRate * v;
        }
    },
  };
}

export interface AdamOptions {
  /** 0 up to 1; 0.9 unless told. */
  readonly beta1?: number;
  /** 0 up to 1; 0.999 unless told. */
  readonly beta2?: number;
  /** Above 0; 1e-8 unless told. */
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba 2015, algorithm 1). @throws OPTION_INVALID */
export function adam(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  expectRange('beta1', beta1, 0, 1);
  expectRange('beta2', beta2, 0, 1);
  if (!(epsilon > 0)) throw new WhittleError('OPTION_INVALID', `epsilon must be above 0, found ${epsilon}`);
  return {
    name: 'adam',
    slots: ['mean', 'square'],
    update({ values, gradient, slots: [mean, square], learningRate, step }) {
      const rate = learningRate / (1 - beta1 ** step);
      const correction = 1 / (1 - beta2 ** step);
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i];
        const m = (mean[i] = beta1 * mean[i] + (1 - beta1) * g);
        const s = (square[i] = beta2 * square[i] + (1 - beta2) * g * g);
        values[i] -= (rate * m) / (Math.sqrt(s * correction) + epsilon);
      }
    },
  };
}

function expectRange(option: string, value: number, low: number, high: number): void {
  if (!(value >= low && value < high))
    throw new WhittleError('OPTION_INVALID', `${option} must be from ${low} up to ${high}, found ${value}`);
}
