import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import { WhittleError } from './errors.js';
import { fillNormal } from './ziggurat.js';

/** A sequence of draws; the same sequence each time it is made from the same counters. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, bound). */
  int(bound: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller). */
  normal(): number;
  /** Fills `data` with normal draws of mean 0: several times faster than `normal`, and another sequence. */
  fillNormal(data: Float32Array, deviation?: number): void;
  /** 0 ... count - 1 in random order (Fisher and Yates). */
  permutation(count: number): Int32Array;
}

/**
 * Counter-based randomness: what is drawn depends on the counters alone, so a run that was resumed at some epoch and
 * step draws what the uninterrupted run would have drawn.
 */
export interface Random {
  readonly seed: number;
  at(stream: string, epoch?: number, step?: number): RandomStream;
}

/** Randomness that one seed fixes, a whole number. @throws OPTION_INVALID */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed))
    throw new WhittleError('OPTION_INVALID', `a seed is a whole number, found ${seed}`);
  return { seed, at: (stream, epoch = 0, step = 0) => streamOf(mix(seed, hash(stream), epoch, step)) };
}

function streamOf(seed: number): RandomStream {
  const generator = xoroshiro128plus(seed);
  let spare: number | undefined;
  const float = () => uniformFloat64(generator);
  const int = (bound: number) => uniformInt(generator, 0, bound - 1);
  return {
    float,
    int,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - float()));
      const angle = 2 * Math.PI * float();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    fillNormal: (data, deviation = 1) => fillNormal(data, deviation, { bits: () => generator.next(), float }),
    permutation(count) {
      const order = Int32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = int(i + 1);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Folds the counters into 32 bits, with the finalizer of MurmurHash3 after each. */
function mix(...words: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const word of words) {
    h = (h ^ (word | 0)) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h = (h ^ (h >>> 16)) + 0x9e3779b9;
  }
  return h | 0;
}
