import { clamp, roundHalfAway } from '../rounding.js';

/** A function of 16 bits by 513 entries of int16, between which kernels interpolate over 128 steps. */
export type Int16Lookup = Int16Array;

/** A range of real numbers that 16 bits stand for, both ends included, and what 65,536 steps make of it. */
interface StoredSpan {
  readonly scale: number;
  readonly zeroPoint: number;
}

const float = Math.fround;

/**
 * TFLM's table of a real function, in float32 throughout: each entry is moved by half of the error that interpolation
 * makes half-way to the next one.
 */
export function tabulateInt16(f: (x: number) => number, from: StoredSpan, to: StoredSpan): Int16Lookup {
  const [low, high] = endsOf(from);
  const [least, most] = endsOf(to);
  const step = float(float(high - low) / 512);
  const half = float(step / 2);
  const inverse = float(65536 / float(most - least));
  const at = (i: number) => float(low + float(i * step));
  const scaled = (x: number) => float(float(f(x)) * inverse);
  return Int16Array.from({ length: 513 }, (_, i) => {
    if (i === 512) return clamp(roundHalfAway(scaled(high)), -32768, 32767);
    const sample = roundHalfAway(scaled(at(i)));
    const middle = roundHalfAway(scaled(float(at(i) + half)));
    const interpolated = roundHalfAway(float(float(scaled(at(i + 1)) + sample) / 2));
    return clamp(sample - roundHalfAway(float((interpolated - middle) / 2)), -32768, 32767);
  });
}

function endsOf({ scale, zeroPoint }: StoredSpan): readonly [number, number] {
  return [float(scale * (-32768 - zeroPoint)), float(scale * (32767 - zeroPoint))];
}

/** The table's value at a stored value of 16 bits. */
export function lookUpInt16(table: Int16Lookup, stored: number): number {
  const i = 256 + (stored >> 7);
  const slope = ((table[i + 1] - table[i]) << 16) >> 16;
  return table[i] + ((slope * (stored & 127) + 64) >> 7);
}
