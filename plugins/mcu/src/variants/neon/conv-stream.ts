import type { LinearScaling } from '../linear-scaling.js';

/** How weights lie in a stream. */
export interface StreamLayout {
  /** Output channels of a block. */
  readonly channels: number;
  /** Runs are padded to steps of so many bytes. */
  readonly step: number;
  /** Consecutive weights of one channel in the stream; where a run has fewer left, a step. */
  readonly slice: number;
  /** Whether products of bytes i and i + 8 of a slice are added in 16 bits. */
  readonly pairsProducts: boolean;
}

/** A tile loop inside whittle_conv_2d_s8_neon.h. */
export interface TileLoop extends StreamLayout {
  readonly name: string;
  /** Pixels of a tile. */
  readonly pixels: number;
}

/** Bytes of weights that padding may add, whatever the layer's size. */
export const PADDING = 256;

/** Bytes of a run with its padding. */
export function paddedBytes(run: number, { step }: StreamLayout): number {
  return Math.ceil(run / step) * step;
}

/**
 * Whether the kernel's sums of two products hold those of a run's weights: 2 * 128 * 128 is out of reach of 16 bits.
 */
export function holdsProducts(
  weights: Int8Array,
  run: number,
  { slice, pairsProducts }: StreamLayout,
): boolean {
  if (!pairsProducts) return true;
  return !weights.some((weight, i) => {
    const at = i % run;
    return weight === -128 && at % slice >= 8 && weights[i - 8] === -128;
  });
}

/**
 * Weights and constants in the order in which the tile loop reads them, as its header says. `filters` has for each output
 * the weights of a window, runs of `run` bytes. Multipliers and shifts are left out where they are `shared`.
 */
export function packRuns(
  filters: readonly Int8Array[],
  { biases, multipliers, shifts }: LinearScaling,
  run: number,
  layout: StreamLayout,
  shared = false,
): Int8Array {
  const parts: Int8Array[] = [];
  const padded = paddedBytes(run, layout);
  for (let first = 0; first < filters.length; first += layout.channels) {
    const end = Math.min(first + layout.channels, filters.length);
    parts.push(bytesOf(biases.slice(first, end)));
    if (!shared) {
      parts.push(bytesOf(multipliers.slice(first, end)));
      parts.push(Int8Array.from(shifts.subarray(first, end), (shift) => -shift));
    }
    for (let start = 0; start < filters[first].length; start += run)
      for (let at = 0; at < padded;) {
        const size = padded - at < layout.slice ? layout.step : layout.slice;
        for (let c = first; c < end; c++)
          parts.push(slice(filters[c].subarray(start, start + run), at, size));
        at += size;
      }
  }
  // Loads for a last block of fewer channels reach beyond it.
  parts.push(new Int8Array(filters.length % layout.channels === 0 ? 0 : layout.channels * layout.slice));
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
