import type { ConvGeometry } from './conv-geometry.js';
import { packBiases, packScales } from './output-stage.js';
import type { OutputStage } from './output-stage.js';

/** Bits of a word that are left for a bias beside a right shift. */
const BIAS_BITS = 27;

export interface ConvStream {
  readonly bytes: Int8Array;
  /** As whittle_conv_2d_s8_dsp.h has it. */
  readonly leastShift: number;
}

/**
 * Weights and constants in the order in which whittle_conv_2d_s8_dsp reads them. Undefined where a bias needs more than 27
 * bits.
 */
export function convStream(
  { order }: Pick<ConvGeometry, 'order'>,
  stage: OutputStage,
): ConvStream | undefined {
  const { filters } = stage;
  if (filters.some(({ bias }) => (bias << (32 - BIAS_BITS)) >> (32 - BIAS_BITS) !== bias)) return undefined;
  const { multipliers, bases } = packScales(stage);
  const biases = packBiases(filters);
  const isShort = bases.length === 1 && biases instanceof Int16Array;
  const bytes: number[] = [];
  const pushWords = (words: readonly number[]) => bytes.push(...new Int8Array(Int32Array.from(words).buffer));
  for (let first = 0; first < filters.length; first += 2) {
    const channels = filters.length - first > 1 ? [first, first + 1] : [first];
    for (const pair of order)
      for (const place of pair) for (const c of channels) bytes.push(filters[c].weights[place]);
    while (bytes.length % 4 > 0) bytes.push(0);
    pushWords(channels.map((c) => multipliers[c] | 0));
    if (isShort) pushWords([((biases[first + 1] ?? 0) << 16) | (biases[first] & 0xffff)]);
    else pushWords(channels.map((c) => (biases[c] << 5) | ((bases[c] ?? bases[0]) + 1)));
  }
  return { bytes: Int8Array.from(bytes), leastShift: isShort ? bases[0] + 1 : 0 };
}
