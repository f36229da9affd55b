import type { Filter } from './tap-pairs.js';

/** Weights of a layer as whittle_dense_quad_s8_armv6m.h has them. */
export interface DenseQuads {
  readonly words: Uint32Array;
  readonly splits: Uint16Array;
  /** Parts that the inputs come in, and inputs of each. */
  readonly phases: number;
  readonly phase: number;
}

const BLOCK = 8;
const MAX_SUM = 255;
const NO_SPLIT = 65535;

/** Packs whole fours of outputs. Nothing where two neighbouring weights are too large together for the kernel. */
export function packDenseQuads(filters: readonly Filter[]): DenseQuads | undefined {
  const inputs = filters[0].length;
  const blocks = Math.ceil(inputs / BLOCK);
  const quads = Math.floor(filters.length / 4);
  const words = new Uint32Array(quads * blocks * BLOCK);
  const splits: number[] = [];
  for (let quad = 0; quad < quads; quad++) {
    for (let block = 0; block < blocks; block++) {
      let split = false;
      for (let output = 0; output < 4; output++) {
        const weight = (input: number) => filters[4 * quad + output][block * BLOCK + input] ?? 0;
        let sum = 0;
        for (let input = 0; input < BLOCK; input += 2) {
          const two = Math.abs(weight(input)) + Math.abs(weight(input + 1));
          if (two > MAX_SUM) return undefined;
          sum += two;
        }
        split ||= sum > MAX_SUM;
        for (let input = 0; input < BLOCK; input++)
          words[(quad * blocks + block) * BLOCK + input] += (weight(input) + 128) * 2 ** (8 * output);
      }
      if (split) splits.push(block);
    }
    splits.push(NO_SPLIT);
  }
  const phases = [4, 3, 2, 1].find((count) => blocks % count === 0) ?? 1;
  return { words, splits: Uint16Array.from(splits), phases, phase: (blocks * BLOCK) / phases };
}
