import { clamp } from '../rounding.js';

/** An int8 function of one int8: entry x + 128 is the stored result for the stored value x. */
export type Int8Table = Int8Array;

/** Tabulates a function of the stored value; results are saturated to int8. */
export function tabulate(f: (x: number) => number): Int8Table {
  return Int8Array.from({ length: 256 }, (_, i) => clamp(f(i - 128), -128, 127));
}
