import { roundHalfAway, STORED_RANGE } from '@whittle/int8';
import type { ActivationDType, ActivationScale } from '@whittle/int8';
import type { Range } from './observers.js';

/**
 * Quantization of a range, widened to hold zero. int8 is asymmetric: scale = (max - min) / 255, with the zero point rounded
 * so that zero is exact (Jacob et al. 2018, section 2.1). int16 is symmetric, as TFLite's kernels want it: scale =
 * max(-min, max) / 32767. A range of nothing but zero gets one step of the type's whole. `leastScale` is a lower bound of
 * the scale.
 */
export function activationScaleOf(
  [low, high]: Range,
  dtype: ActivationDType = 'int8',
  leastScale = 0,
): ActivationScale {
  const min = Math.min(0, low);
  const max = Math.max(0, high);
  const least = Math.max(leastScale, SMALLEST[dtype]);
  return dtype === 'int8' ? asymmetric(min, max, least) : symmetric(Math.max(-min, max), least);
}

function asymmetric(min: number, max: number, least: number): ActivationScale {
  const scale = Math.fround(Math.max((max - min || 1) / 255, least));
  const fromMin = -128 - min / scale;
  const fromMax = 127 - max / scale;
  // Where the scale is coarser than the range needs, the end nearer to zero stays at its end of int8.
  const unrounded = -min <= max ? fromMin : fromMax;
  return { dtype: 'int8', scale, zeroPoint: Math.min(Math.max(roundHalfAway(unrounded), -128), 127) };
}

function symmetric(magnitude: number, least: number): ActivationScale {
  return { dtype: 'int16', scale: Math.fround(Math.max((magnitude || 1) / 32767, least)), zeroPoint: 0 };
}

/** Steps below these say nothing in float32 networks, and would leave the multipliers' range, or that of int8's sigmoid and tanh. */
const SMALLEST: Readonly<Record<ActivationDType, number>> = { int8: 2 ** -28, int16: 2 ** -38 };

/** The real values that a quantization can hold. */
export function representable({ dtype, scale, zeroPoint }: ActivationScale): Range {
  const { min, max } = STORED_RANGE[dtype];
  return [scale * (min - zeroPoint), scale * (max - zeroPoint)];
}
