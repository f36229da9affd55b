import type { InferView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import type { ActivationDType } from '../quantized-type.js';
import type { ChannelMultipliers } from './multipliers.js';

/**
 * What a linear op sums in. int32 wraps and is rescaled by `multiplyByQuantizedMultiplier`; int64 by
 * `multiplyWideByQuantizedMultiplier`, with other results for the same numbers.
 */
export type Accumulator = 'int32' | 'int64';

/** TFLM rescales sums of 64 bits that are below this, by a left shift of this at most. */
const SUM_LIMIT = 2 ** 47;
const MAX_LEFT_SHIFT = 7;

/**
 * The accumulator of a layer with weights: int32 for int8 activations. For int16 it is int64 with a bias of int64 or none;
 * `biases` says whether a bias of int32 is taken too, which makes it int32. @throws QUANTIZATION_INVALID for another bias
 */
export function accumulatorOf(
  n: InferView<unknown>,
  activation: ActivationDType,
  biases: readonly Accumulator[] = ['int64'],
): Accumulator {
  const bias = n.inputs[2]?.dtype;
  const taken = activation === 'int8' ? (['int32'] as const) : biases;
  const accumulator = taken.find((each) => each === (bias ?? (activation === 'int8' ? 'int32' : 'int64')));
  expectQuantization(
    accumulator !== undefined,
    n,
    () => `bias must be ${taken.join(' or ')} beside ${activation} activations, found ${bias}`,
  );
  return accumulator;
}

/** @throws QUANTIZATION_INVALID where sums of 64 bits are to be shifted left by more than TFLM can */
export function expectWideShifts(
  n: { readonly name: string },
  { shifts }: Pick<ChannelMultipliers, 'shifts'>,
): void {
  const bad = shifts.find((shift) => shift > MAX_LEFT_SHIFT);
  expectQuantization(
    bad === undefined,
    n,
    () =>
      `the scales give a factor of 2^${bad! - 1} or more, which must be below 2^${MAX_LEFT_SHIFT} for sums of 64 bits: the output scale is too small`,
  );
}

/**
 * Checks that sums of `terms` products of `magnitude` at most stay in what TFLM rescales, which doubles hold exactly.
 * @throws QUANTIZATION_INVALID
 */
export function expectWideSums(
  n: { readonly name: string },
  terms: number,
  magnitude: number,
  bias: BigInt64Array | undefined,
): void {
  const products = terms * magnitude;
  const fits = (value: number) => products + Math.abs(value) < SUM_LIMIT;
  const bad = fits(0) ? bias?.find((value) => !fits(Number(value))) : 0n;
  expectQuantization(
    bad === undefined,
    n,
    () => `sums of ${terms} products and a bias of ${bad} can leave 47 bits, which is what kernels rescale`,
  );
}
