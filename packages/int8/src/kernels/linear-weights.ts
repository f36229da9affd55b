import type { NodeView, Tensor } from '@whittle/core';
import { constantData } from '../lowering.js';

/** Weights as the model has them, the outputs innermost, and the bias, zero where there is none. */
export interface LinearOperands {
  readonly weight: Int8Array;
  readonly bias: Int32Array;
}

/** @throws OP_UNSUPPORTED where weight or bias are computed */
export function linearOperands(
  n: NodeView<unknown>,
  constants: readonly (Tensor | undefined)[],
  outputs: number,
): LinearOperands {
  return {
    weight: constantData<'int8'>(n, constants, 1, 'weight'),
    bias: n.inputs.length > 2 ? constantData<'int32'>(n, constants, 2, 'bias') : new Int32Array(outputs),
  };
}

/** Brings weights [taps, outputs] to [outputs, taps], less the zero point: all that one output reads lies together. */
export function rowsByOutput(weight: Int8Array, outputs: number, zeroPoint = 0): Int16Array {
  const taps = weight.length / outputs;
  const rows = new Int16Array(weight.length);
  for (let tap = 0; tap < taps; tap++)
    for (let o = 0; o < outputs; o++) rows[o * taps + tap] = weight[tap * outputs + o] - zeroPoint;
  return rows;
}

/**
 * For each output from `first` up to `last`: sums[output] = the sum of x[from + i] * rows[output * taps + i], wrapped to
 * 32 bits. Four outputs at a time share the loads of x.
 */
export function multiplyRows(
  x: Int32Array,
  from: number,
  rows: Int16Array,
  taps: number,
  sums: Int32Array,
  first: number,
  last: number,
): void {
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
