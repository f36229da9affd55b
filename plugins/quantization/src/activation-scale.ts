import type { TensorScale } from '@whittle/int8';
import { roundHalfAway } from '@whittle/int8';
import type { Range } from './observers.js';

/**
 * Asymmetric int8 quantization of a range, widened to hold zero: scale = (max - min) / 255, with the zero point rounded so
 * that zero is exact (Jacob et al. 2018, section 2.1). A range of nothing but zero gets scale 1/255. `leastScale` is a
 * lower bound of the scale.
 */
export function activationScaleOf([low, high]: Range, leastScale = 0): TensorScale {
  const min = Math.min(0, low);
  const max = Math.max(0, high);
  const width = max - min;
  const scale = Math.fround(Math.max(width > 0 ? width / 255 : 1 / 255, leastScale, SMALLEST));
  const fromMin = -128 - min / scale;
  const fromMax = 127 - max / scale;
  // Where the scale is coarser than the range needs, the end nearer to zero stays at its end of int8.
  const unrounded = -min <= max ? fromMin : fromMax;
  return { scale, zeroPoint: Math.min(Math.max(roundHalfAway(unrounded), -128), 127) };
}

/** Steps below this say nothing in float32 networks, and would leave the multipliers' range. */
const SMALLEST = 2 ** -30;

/** The real values that int8 with this quantization can hold. */
export function representable({ scale, zeroPoint }: TensorScale): Range {
  return [scale * (-128 - zeroPoint), scale * (127 - zeroPoint)];
}
