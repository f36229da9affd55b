import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { quantizeMultiplier, roundingDivideByPowerOfTwo } from '../fixed-point.js';
import { inputScale, outputScale } from '../quantized-type.js';
import { clamp, divideTruncating, INT32_MAX } from '../rounding.js';
import type { StoredFunction } from './stored-function.js';

/** (2 a b) / 2^16 of two int16, halves toward +infinity; saturates at -2^15 * -2^15. */
function doublingHighMultiply16(a: number, b: number): number {
  return Math.min((a * b + 16384) >> 15, 32767);
}

/** An int32 multiplier as int16, rounded. */
function narrow(multiplier: number): number {
  return multiplier >= INT32_MAX - 32768 ? 32767 : (multiplier + 32768) >> 16;
}

function saturate16(x: number): number {
  return clamp(x, -32768, 32767);
}

/** HARD_SWISH of int8, in 16-bit arithmetic. @throws QUANTIZATION_INVALID where the output scale is input scale / 128 or less */
export function hardSwishFunction(n: NodeView<unknown>): StoredFunction {
  const input = inputScale(n);
  const output = outputScale(n);
  const fineScale = input.scale / 128;
  const toOutput = quantizeMultiplier(fineScale / output.scale);
  const toRelu = quantizeMultiplier(fineScale / (3 / 32768));
  expectQuantization(
    toOutput.shift <= 0,
    n,
    () => `hard_swish needs an output scale above input scale / 128 = ${fineScale}, found ${output.scale}`,
  );
  return (x) => {
    const fine = (x - input.zeroPoint) * 128;
    const atOutput = doublingHighMultiply16(fine, narrow(toOutput.multiplier));
    const gate = (gateOf(fine, narrow(toRelu.multiplier), toRelu.shift) + 32768) >> 1;
    // The last product is truncated, not rounded, toward zero.
    const product = divideTruncating(gate * atOutput, 32768);
    return roundingDivideByPowerOfTwo(product, -toOutput.shift) + output.zeroPoint;
  };
}

/** x / 3 in 16 bits, saturated at -1 and 1: half of the shift before the product, one bit after it. */
function gateOf(fine: number, multiplier: number, shift: number): number {
  const lifted = shift > 0 ? saturate16(fine * 2 ** (shift - 1)) : fine;
  const product = doublingHighMultiply16(lifted, multiplier);
  if (shift > 0) return saturate16(product * 2);
  return shift < 0 ? roundingDivideByPowerOfTwo(product, -shift) : product;
}
