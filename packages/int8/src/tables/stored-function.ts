import { clamp } from '../rounding.js';

/** What a kernel of one operand makes of one stored value. The result may lie beyond the output's type: it saturates. */
export type StoredFunction = (x: number) => number;

/** An int8 function of one int8: entry x + 128 is the stored result for the stored value x. */
export type Int8Table = Int8Array;

/** Tabulates a function of int8; results are saturated to int8. */
export function tabulate(f: StoredFunction): Int8Table {
  return Int8Array.from({ length: 256 }, (_, i) => clamp(f(i - 128), -128, 127));
}
