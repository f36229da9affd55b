import type { LinearScaling } from '../mve/linear-scaling.js';

/** A tile loop inside whittle_conv_2d_s8_neon.h. */
export interface TileLoop {
  readonly name: string;
  /** Pixels and output channels of a tile. */
  readonly pixels: number;
  readonly channels: number;
  /** Runs are padded to steps of so many bytes. */
  readonly step: number;
  /** Consecutive weights of one channel in the stream; where a run has fewer left, a step. */
  readonly slice: number;
  readonly smallestWeight: number;
}

/** Bytes behind the stream that loads for a last block of fewer channels reach. */
const SLACK = 48;

/** Bytes of a run with its padding. */
export function paddedBytes(run: number, { step }: TileLoop): number {
  return Math.ceil(run / step) * step;
}

/**
 * Weights and constants in the order in which the tile loop reads them, as its header says. `filters` has for each output
 * the weights of a window, runs of `run` bytes.
 */
export function packRuns(
  filters: readonly Int8Array[],
  { biases, multipliers, shifts }: LinearScaling,
  run: number,
  loop: TileLoop,
): Int8Array {
  const parts: Int8Array[] = [];
  const padded = paddedBytes(run, loop);
  for (let first = 0; first < filters.length; first += loop.channels) {
    const end = Math.min(first + loop.channels, filters.length);
    parts.push(bytesOf(biases.slice(first, end)), bytesOf(multipliers.slice(first, end)));
    parts.push(Int8Array.from(shifts.subarray(first, end), (shift) => -shift));
    for (let start = 0; start < filters[first].length; start += run)
      for (let at = 0; at < padded;) {
        const size = padded - at < loop.slice ? loop.step : loop.slice;
        for (let c = first; c < end; c++)
          parts.push(slice(filters[c].subarray(start, start + run), at, size));
        at += size;
      }
  }
  parts.push(new Int8Array(filters.length % loop.channels === 0 ? 0 : SLACK));
  return concatenated(parts);
}

/** `size` weights from `at` on, zeros beyond the end. */
function slice(weights: Int8Array, at: number, size: number): Int8Array {
  const result = new Int8Array(size);
  result.set(weights.subarray(at, at + size));
  return result;
}

function bytesOf(words: Int32Array): Int8Array {
  return new Int8Array(words.buffer, words.byteOffset, words.byteLength);
}

function concatenated(parts: readonly Int8Array[]): Int8Array {
  const result = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
