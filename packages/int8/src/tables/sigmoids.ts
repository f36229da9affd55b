import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import {
  multiplyByQuantizedMultiplier,
  quantizeMultiplierUnflushed,
  roundingDivideByPowerOfTwo,
} from '../fixed-point.js';
import { expOfNegative, oneMinusOverOnePlus, reciprocalOfOnePlus } from '../fixed-point-exp.js';
import { PROBABILITY_SCALE } from '../plans/softmax.js';
import { formatScale, inputScale, outputScale, sameScale } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';
import { sigmoidInt16Function, tanhInt16Function } from './sigmoid-int16.js';
import type { StoredFunction } from './stored-function.js';

/** The only quantization that TANH of int8 writes. */
export const TANH_SCALE: TensorScale = { scale: 1 / 128, zeroPoint: 0 };

/**
 * LOGISTIC of int8 or int16. @throws QUANTIZATION_INVALID unless the output has scale 1/256 and zero point -128, or 2^-15
 * and 0 for int16
 */
export function sigmoidFunction(n: NodeView<unknown>): StoredFunction {
  if (n.inputs[0].dtype === 'int16') return sigmoidInt16Function(n);
  expectOutput(n, PROBABILITY_SCALE);
  return scaled(n, (a) => {
    if (a === 0) return roundingDivideByPowerOfTwo(1 << 30, 23) - 128;
    const p = reciprocalOfOnePlus(expOfNegative(-Math.abs(a), 4));
    return roundingDivideByPowerOfTwo(a > 0 ? p : INT32_MAX - p, 23) - 128;
  });
}

/**
 * TANH of int8 or int16. @throws QUANTIZATION_INVALID unless the output has scale 1/128 (int16: 2^-15) and zero point 0
 */
export function tanhFunction(n: NodeView<unknown>): StoredFunction {
  if (n.inputs[0].dtype === 'int16') return tanhInt16Function(n);
  expectOutput(n, TANH_SCALE);
  return scaled(n, (a) => {
    if (a === 0) return 0;
    // The same bits read with one integer bit more are twice the number: tanh(x) = (1 - e^-2x) / (1 + e^-2x).
    const t = oneMinusOverOnePlus(expOfNegative(-Math.abs(a), 5));
    return roundingDivideByPowerOfTwo(a > 0 ? t : -t, 24);
  });
}

/**
 * A function of the input as a real number in Q4; beyond +-15 the result is the end of the range. TFLM finds where that is by a
 * shift, which C leaves undefined for scales that make it negative: those below 2^-28 are refused.
 */
function scaled(n: NodeView<unknown>, f: (a: number) => number): StoredFunction {
  const input = inputScale(n);
  const { multiplier, shift } = quantizeMultiplierUnflushed(input.scale * 2 ** 27);
  const radius = Math.floor((15 * 2 ** 27) / 2 ** shift);
  expectQuantization(
    shift >= 0,
    n,
    () => `the input scale must be 2^-28 or more for the kernel, found ${input.scale}`,
  );
  return (x) => {
    const v = x - input.zeroPoint;
    if (v <= -radius) return -128;
    if (v >= radius) return 127;
    return f(multiplyByQuantizedMultiplier(v, multiplier, shift));
  };
}

function expectOutput(n: NodeView<unknown>, expected: TensorScale): void {
  const output = outputScale(n);
  expectQuantization(
    sameScale(output, expected),
    n,
    () => `the kernel writes ${formatScale(expected)}, found ${formatScale(output)}`,
  );
}
