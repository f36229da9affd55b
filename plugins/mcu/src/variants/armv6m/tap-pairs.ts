/** Weights of one output channel by tap, in the order in which its inputs lie in memory. */
export type Filter = ArrayLike<number>;

/** Weights of a layer as whittle_conv_pair_s8_armv6m.h has them. */
export interface TapPairs {
  /** For each two channels, for each run, words of two taps of both; of a last single channel half words. */
  readonly words: Uint32Array;
  readonly runs: number;
  /** Words of a run. */
  readonly runPairs: number;
  /** int32 elements of the largest stream that two channels' words are unpacked to. */
  readonly streamWords: number;
  /** Words that a single channel's are padded to; 0 if there is none. */
  readonly spareWords: number;
  readonly pairs: number;
  /** Groups of taps that a tile takes, summed over the pairs of channels. */
  readonly groups: number;
}

/** Words of a group at the most, and the sum of |weight| that it may have in a channel. */
const MAX_PAIRS = 8;
const MAX_SUM = 255;

/**
 * Packs channels two by two, whose taps are `runs` runs of equal length. Nothing where two taps of a word are too large
 * together for the kernel.
 */
export function packTapPairs(filters: readonly Filter[], runs: number): TapPairs | undefined {
  const taps = filters[0].length / runs;
  const runPairs = Math.ceil(taps / 2);
  const pairs = Math.ceil(filters.length / 2);
  const single = filters.length % 2 === 1;
  const halves = new Uint16Array(Math.ceil((filters.length * runs * runPairs) / 2) * 2);
  let at = 0;
  let largest = 0;
  let total = 0;
  for (let channel = 0; channel < filters.length; channel += 2) {
    let groups = 0;
    for (let run = 0; run < runs; run++) {
      let sums = [MAX_SUM, MAX_SUM];
      let length = MAX_PAIRS;
      for (let pair = 0; pair < runPairs; pair++) {
        const weights = [channel, channel + 1].map((each) =>
          [0, 1].map((k) => tapOf(filters[each], run * taps, 2 * pair + k, taps)),
        );
        const sizes = weights.map(([a, b]) => Math.abs(a) + Math.abs(b));
        if (Math.max(...sizes) > MAX_SUM) return undefined;
        halves[at++] = half(weights[0]);
        if (channel + 1 < filters.length) halves[at++] = half(weights[1]);
        const joined = sums.map((sum, i) => sum + sizes[i]);
        const full = length === MAX_PAIRS || Math.max(...joined) > MAX_SUM;
        sums = full ? sizes : joined;
        length = full ? 1 : length + 1;
        if (full) groups++;
      }
    }
    largest = Math.max(largest, groups);
    total += groups;
  }
  const streamWords = 4 + 5 * runs + 4 * runs * runPairs + 3 * (largest + 1);
  const spareWords = single ? runs * runPairs : 0;
  return {
    words: new Uint32Array(halves.buffer),
    runs,
    runPairs,
    streamWords,
    spareWords,
    pairs,
    groups: total,
  };
}

function tapOf(filter: Filter | undefined, start: number, tap: number, taps: number): number {
  return filter && tap < taps ? filter[start + tap] : 0;
}

function half([first, second]: readonly number[]): number {
  return (first & 0xff) | ((second & 0xff) << 8);
}
