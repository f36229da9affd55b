import type { NodeView } from '@whittle/core';
import { sigmoidInt16Plan, tanhInt16Plan } from '../plans/sigmoid-int16.js';
import type { SigmoidInt16Plan } from '../plans/sigmoid-int16.js';
import type { StoredFunction } from './stored-function.js';

/**
 * sigmoid(i / 24) in units of 2^-16, for i from 0 to 255: the table that TFLite's int16 kernels interpolate. Some of its
 * entries lie one above the nearest integer.
 */
export const SIGMOID_TABLE: Uint16Array = sigmoidTable();

/** LOGISTIC of int16. @throws QUANTIZATION_INVALID */
export function sigmoidInt16Function(n: NodeView<unknown>): StoredFunction {
  const plan = sigmoidInt16Plan(n);
  return (x) => interpolatedSigmoid(x, plan);
}

/** TANH of int16. @throws QUANTIZATION_INVALID */
export function tanhInt16Function(n: NodeView<unknown>): StoredFunction {
  const plan = tanhInt16Plan(n);
  return (x) => interpolatedTanh(x, plan);
}

/** sigmoid of a stored int16, in units of 2^-15; x * multiplier must stay within 32 bits. */
export function interpolatedSigmoid(x: number, plan: SigmoidInt16Plan): number {
  const a = inputSteps(x, plan);
  const index = Math.abs(a) >> 9;
  const y = index >= 255 ? 0x7fff << 10 : interpolate(index, Math.abs(a) & 511, 9);
  return (a >= 0 ? y + 512 : 33554432 - y + 511) >> 10;
}

/** tanh of a stored int16, in units of 2^-15, as 2 sigmoid(2x) - 1; x * multiplier must stay within 32 bits. */
export function interpolatedTanh(x: number, plan: SigmoidInt16Plan): number {
  const a = inputSteps(x, plan);
  const index = Math.abs(a) >> 8;
  const y = index >= 255 ? 0xffff << 8 : interpolate(index, Math.abs(a) & 255, 8);
  return (a >= 0 ? y - 8388608 + 128 : 8388608 - y + 127) >> 8;
}

/** The input in steps of 1 / (3 * 4096). */
function inputSteps(x: number, { multiplier, shift }: SigmoidInt16Plan): number {
  const half = shift > 0 ? 1 << (shift - 1) : 0;
  return (Math.imul(x, multiplier) + half) >> shift;
}

/** The table at index + part / 2^bits, times 2^bits. */
function interpolate(index: number, part: number, bits: number): number {
  const [from, to] = [SIGMOID_TABLE[index], SIGMOID_TABLE[index + 1]];
  return (from << bits) + part * (to - from);
}

function sigmoidTable(): Uint16Array {
  const raised = new Set([
    4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45,
    46, 49, 50, 54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
  ]);
  return Uint16Array.from(
    { length: 256 },
    (_, i) => Math.floor(65536 / (1 + Math.exp(-i / 24)) + 0.5) + (raised.has(i) ? 1 : 0),
  );
}
