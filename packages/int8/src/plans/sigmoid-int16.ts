import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { expectSymmetricInt16, formatScale, inputScale, outputScale, sameScale } from '../quantized-type.js';
import type { TensorScale } from '../quantized-type.js';
import { roundHalfAway } from '../rounding.js';

/** The only quantization that SOFTMAX, LOGISTIC and TANH of int16 write. */
export const INT16_UNIT_SCALE: TensorScale = { scale: 1 / 32768, zeroPoint: 0 };

/**
 * What TFLM's Prepare derives for LOGISTIC and TANH of int16: (x * multiplier + 2^(shift - 1)) >> shift is x in steps of
 * 1 / (3 * 4096), without the half where the shift is 0.
 */
export interface SigmoidInt16Plan {
  readonly multiplier: number;
  readonly shift: number;
}

/** LOGISTIC. @throws QUANTIZATION_INVALID unless zero points are 0 and the output has scale 2^-15 */
export function sigmoidInt16Plan(n: NodeView<unknown>): SigmoidInt16Plan {
  return inputSteps(n, [0]);
}

/** TANH. @throws QUANTIZATION_INVALID unless zero points are 0 and the output has scale 2^-15 */
export function tanhInt16Plan(n: NodeView<unknown>): SigmoidInt16Plan {
  return inputSteps(n, [0, 1]);
}

/** Products of 16 bits and these stay within 32, the half included. */
const MAX_MULTIPLIER = 65535;

/** Scales of 2^-12 times 2 to one of `powers` need no shift; others get a multiplier of 15 bits. */
function inputSteps(n: NodeView<unknown>, powers: readonly number[]): SigmoidInt16Plan {
  const input = inputScale(n, 0, ['int16']);
  expectSymmetricInt16(n, input, 'input');
  expectInt16UnitScale(n);
  const log2 = Math.fround(Math.fround(Math.log(input.scale)) * Math.fround(1 / Math.fround(Math.log(2))));
  const nearest = roundHalfAway(log2);
  if (Math.abs(log2 - nearest) < 1e-3 && powers.includes(nearest + 12))
    return { multiplier: 3 * 2 ** (nearest + 12), shift: 0 };
  let multiplier = input.scale * 4096 * 3;
  let shift = 0;
  for (; multiplier <= 32767 / 2 && shift <= 30; shift++) multiplier *= 2;
  expectQuantization(
    multiplier <= MAX_MULTIPLIER,
    n,
    () => `the input scale ${input.scale} is too large for the kernel`,
  );
  return { multiplier: Math.trunc(multiplier), shift };
}

/** @throws QUANTIZATION_INVALID unless the int16 output has scale 2^-15 and zero point 0 */
export function expectInt16UnitScale(n: NodeView<unknown>): void {
  const output = outputScale(n, ['int16']);
  expectQuantization(
    sameScale(output, INT16_UNIT_SCALE),
    n,
    () => `the kernel of int16 writes ${formatScale(INT16_UNIT_SCALE)}, found ${formatScale(output)}`,
  );
}
