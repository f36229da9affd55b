import type { Dim, Id, ParameterRole, Tensor } from '@whittle/core';

/**
 * A value of a model in the making, with what it is on sample inputs. Of each sample there are three forms: exact, and two
 * in which what computed it was off by more than any runtime is, up and down at random.
 */
export interface DrawnValue {
  readonly id: Id;
  readonly dtype: Tensor['dtype'];
  /** For a batch of 1. */
  readonly shape: readonly number[];
  /** As the model has it. */
  readonly dims: readonly Dim[];
  readonly samples: readonly Sample[];
  /** Set for a parameter, which goes into the model with the node that reads it. */
  readonly role?: ParameterRole;
}

/** One inference: exact, and disturbed in two ways. */
export type Sample = readonly [Tensor, Tensor, Tensor];

/** The forms of a sample: how disturbances count in them. */
export const forms = [0, 1, -1] as const;

/** The smallest and the largest element over all samples. */
export function rangeOf({ samples }: DrawnValue): { readonly low: number; readonly high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const [exact] of samples)
    for (const element of exact.data) {
      low = Math.min(low, Number(element));
      high = Math.max(high, Number(element));
    }
  return { low, high };
}

/** Elements that a value of the sizes here is held to, so that a model runs in milliseconds. */
export const largestSize = 600;

/** Magnitude that values are held to: beyond it sums lose what tests look at. */
const largestMagnitude = 60;

/** How far the disturbed forms may lie from the exact one, relative to 1 + |x|: a hundred times one disturbance. */
const largestDeviation = 1e-3;

/** Whether a value stays finite and small, and depends on its operands smoothly: no step of a function is near. */
export function isTame({ samples }: Pick<DrawnValue, 'samples'>): boolean {
  return samples.every(([exact, ...disturbed]) =>
    Array.from(exact.data, Number).every((x, i) => {
      const near = (y: number) => Math.abs(y - x) <= largestDeviation * (1 + Math.abs(x));
      return Math.abs(x) <= largestMagnitude && disturbed.every(({ data }) => near(Number(data[i])));
    }),
  );
}
