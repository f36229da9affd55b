import type { NodeView, Tensor } from '@whittle/core';
import { constantData } from '../lowering.js';
import { expectWideSums } from '../plans/accumulator.js';
import type { Accumulator } from '../plans/accumulator.js';

/** Sums of 32 bits, which wrap, or of 64, which stay below 2^53. */
export type Sums = Int32Array | Float64Array;

export function allocateSums(accumulator: Accumulator, length: number): Sums {
  return accumulator === 'int32' ? new Int32Array(length) : new Float64Array(length);
}

/** Weights as the model has them, the outputs innermost, and the bias as sums begin with it, zero where there is none. */
export interface LinearOperands {
  readonly weight: Int8Array;
  readonly bias: Sums;
}

/** @throws OP_UNSUPPORTED where weight or bias are computed; QUANTIZATION_INVALID where sums can leave 47 bits */
export function linearOperands(
  n: NodeView<unknown>,
  constants: readonly (Tensor | undefined)[],
  { outputs, accumulator }: { readonly outputs: number; readonly accumulator: Accumulator },
): LinearOperands {
  const weight = constantData<'int8'>(n, constants, 1, 'weight');
  const given = n.inputs.length > 2;
  if (accumulator === 'int32')
    return {
      weight,
      bias: given ? constantData<'int32'>(n, constants, 2, 'bias') : new Int32Array(outputs),
    };
  const bias = given ? constantData<'int64'>(n, constants, 2, 'bias') : undefined;
  expectWideSums(n, weight.length / outputs, MAX_PRODUCT, bias);
  return { weight, bias: bias ? Float64Array.from(bias, Number) : new Float64Array(outputs) };
}

/** (x - zero point) * (weight - zero point) at the most, int16 and int8. */
const MAX_PRODUCT = 2 ** 24;

/** Brings weights [taps, outputs] to [outputs, taps], less the zero point: all that one output reads lies together. */
export function rowsByOutput(weight: Int8Array, outputs: number, zeroPoint = 0): Int16Array {
  const taps = weight.length / outputs;
  const rows = new Int16Array(weight.length);
  for (let tap = 0; tap < taps; tap++)
    for (let o = 0; o < outputs; o++) rows[o * taps + tap] = weight[tap * outputs + o] - zeroPoint;
  return rows;
}

/**
 * For each output from `first` up to `last`: sums[output] = the sum of x[from + i] * rows[output * taps + i]. Four outputs at a
 * time share the loads of x where sums are of 32 bits, and wrap.
 */
export function multiplyRows(
  x: Int32Array,
  from: number,
  rows: Int16Array,
  taps: number,
  sums: Sums,
  first: number,
  last: number,
): void {
  if (sums instanceof Float64Array) return multiplyRowsWide(x, from, rows, taps, sums, first, last);
  let output = first;
  for (; output + 4 <= last; output += 4) {
    const [a, b, c, d] = [output * taps, (output + 1) * taps, (output + 2) * taps, (output + 3) * taps];
    let [sa, sb, sc, sd] = [0, 0, 0, 0];
    for (let i = 0; i < taps; i++) {
      const value = x[from + i];
      sa = (sa + Math.imul(value, rows[a + i])) | 0;
      sb = (sb + Math.imul(value, rows[b + i])) | 0;
      sc = (sc + Math.imul(value, rows[c + i])) | 0;
      sd = (sd + Math.imul(value, rows[d + i])) | 0;
    }
    sums[output] = sa;
    sums[output + 1] = sb;
    sums[output + 2] = sc;
    sums[output + 3] = sd;
  }
  for (; output < last; output++) {
    let sum = 0;
    for (let i = 0, row = output * taps; i < taps; i++)
      sum = (sum + Math.imul(x[from + i], rows[row + i])) | 0;
    sums[output] = sum;
  }
}

/** `multiplyRows` for sums of 64 bits, in doubles. */
function multiplyRowsWide(
  x: Int32Array,
  from: number,
  rows: Int16Array,
  taps: number,
  sums: Float64Array,
  first: number,
  last: number,
): void {
  for (let output = first; output < last; output++) {
    let sum = 0;
    for (let i = 0, row = output * taps; i < taps; i++) sum += x[from + i] * rows[row + i];
    sums[output] = sum;
  }
}
