import type { NodeView } from '@whittle/core';
import { activationRange, storedBound } from '../activation-range.js';
import { expectQuantization } from '../errors.js';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { formatScale, inputScale, outputScale, sameScale } from '../quantized-type.js';
import { rescale } from '../plans/multipliers.js';
import { clamp, roundHalfAway } from '../rounding.js';
import { tabulate } from './int8-table.js';
import type { Int8Table } from './int8-table.js';

/** RELU: rescales by input / output scale, then clamps at the output's zero point. @throws QUANTIZATION_INVALID */
export function reluTable(n: NodeView<unknown>): Int8Table {
  const input = inputScale(n);
  const output = outputScale(n);
  const { multiplier, shift } = rescale(n, input.scale / output.scale);
  const range = activationRange(n, 'relu', output);
  return tabulate((x) => {
    const y = multiplyByQuantizedMultiplier(x - input.zeroPoint, multiplier, shift);
    return clamp((y + output.zeroPoint) | 0, range.min, range.max);
  });
}

/** RELU6: clamps stored values; the kernel doesn't rescale. @throws QUANTIZATION_INVALID unless scales are equal */
export function relu6Table(n: NodeView<unknown>): Int8Table {
  const input = inputScale(n);
  const output = outputScale(n);
  expectQuantization(
    sameScale(input, output),
    n,
    () => `relu6 keeps its input's quantization (${formatScale(input)}), found ${formatScale(output)}`,
  );
  const six = clamp(storedBound(n, 6, input), -128, 127);
  return tabulate((x) => clamp(x, input.zeroPoint, six));
}

/** LEAKY_RELU: input / output scale at and above zero, input * alpha / output below; alpha is a float32. @throws QUANTIZATION_INVALID */
export function leakyReluTable(n: NodeView<{ readonly alpha: number }>): Int8Table {
  const input = inputScale(n);
  const output = outputScale(n);
  const above = rescale(n, input.scale / output.scale);
  const below = rescale(n, (input.scale * Math.fround(n.attributes.alpha)) / output.scale);
  // A negative slope is applied as minus the result of its magnitude: halves then round the other way.
  const magnitude = Math.abs(below.multiplier);
  return tabulate((x) => {
    const v = x - input.zeroPoint;
    const y =
      v >= 0
        ? multiplyByQuantizedMultiplier(v, above.multiplier, above.shift)
        : Math.sign(below.multiplier) * multiplyByQuantizedMultiplier(v, magnitude, below.shift);
    return (y + output.zeroPoint) | 0;
  });
}

/** ABS: the magnitude, rescaled by input / output scale where they differ. @throws QUANTIZATION_INVALID */
export function absTable(n: NodeView<unknown>): Int8Table {
  const input = inputScale(n);
  const output = outputScale(n);
  const { multiplier, shift } = rescale(n, input.scale / output.scale);
  return tabulate((x) => {
    const magnitude = Math.abs(x - input.zeroPoint);
    const y =
      input.scale === output.scale ? magnitude : multiplyByQuantizedMultiplier(magnitude, multiplier, shift);
    return (y + output.zeroPoint) | 0;
  });
}

/**
 * ELU: TFLM's own table, in float32 throughout. Exact where the C library's expf is correctly rounded; else an entry
 * that lies within a unit in the last place of a half may differ by one step.
 * @throws QUANTIZATION_INVALID
 */
export function eluTable(n: NodeView<unknown>): Int8Table {
  const input = inputScale(n);
  const output = outputScale(n);
  const inverse = Math.fround(1 / output.scale);
  return tabulate((x) => {
    const real = Math.fround(input.scale * (x - input.zeroPoint));
    const y = real < 0 ? Math.fround(Math.fround(Math.exp(real)) - 1) : real;
    return Math.trunc(Math.fround(roundHalfAway(Math.fround(y * inverse)) + output.zeroPoint));
  });
}
