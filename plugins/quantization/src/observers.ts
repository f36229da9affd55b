import { z } from 'zod';
import { Histogram } from './histogram.js';

/** Smallest and largest real value to be represented; finite, and the first is not above the second. */
export type Range = readonly [min: number, max: number];

/** Watches the values of one activation, batch by batch, and says what range to quantize. */
export interface Observer {
  /** Sees one batch of finite values, at least one. */
  observe(data: Float32Array): void;
  range(): Range;
}

const kinds = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('minmax') }).strict(),
  z.object({ kind: z.literal('moving-average'), momentum: z.number().min(0).lt(1).default(0.9) }).strict(),
  z.object({ kind: z.literal('percentile'), percentile: z.number().gt(50).max(100).default(99.99) }).strict(),
  z.object({ kind: z.literal('mse') }).strict(),
]);

/**
 * How a range is found. `minmax`: the extremes of all data. `moving-average`: the extremes of each batch, averaged with
 * weight 1 - momentum for the new one (Jacob et al. 2018, section 3.1). `percentile`: what is left when the share above the
 * percentile is cut off each end. `mse`: the clipping of both ends that gives the smallest squared error of 8-bit values.
 * A name alone stands for its defaults.
 */
export const observerOption = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  kinds,
);
export type ObserverOption = z.output<typeof observerOption>;

export function createObserver(option: ObserverOption): Observer {
  switch (option.kind) {
    case 'minmax':
      return extremes((old, now) => [Math.min(old[0], now[0]), Math.max(old[1], now[1])]);
    case 'moving-average': {
      const mix = (old: number, now: number) => option.momentum * old + (1 - option.momentum) * now;
      return extremes((old, now) => [mix(old[0], now[0]), mix(old[1], now[1])]);
    }
    case 'percentile': {
      const share = option.percentile / 100;
      return distribution((h) => [h.quantile(1 - share), h.quantile(share)]);
    }
    case 'mse':
      return distribution(leastSquaresRange);
  }
}

function extremes(combine: (old: Range, now: Range) => Range): Observer {
  let known: Range | undefined;
  return {
    observe(data) {
      let min = Infinity;
      let max = -Infinity;
      for (const x of data) {
        if (x < min) min = x;
        if (x > max) max = x;
      }
      known = known ? combine(known, [min, max]) : [min, max];
    },
    range: () => known ?? [0, 0],
  };
}

function distribution(rangeOf: (histogram: Histogram) => Range): Observer {
  const histogram = new Histogram();
  return {
    observe: (data) => histogram.add(data),
    range: () => (histogram.total > 0 ? rangeOf(histogram) : [0, 0]),
  };
}

/** Tries to clip both ends by 0 to 80%, in steps of 1%. */
function leastSquaresRange(histogram: Histogram): Range {
  const [low, high] = [Math.min(0, histogram.min), Math.max(0, histogram.max)];
  let best: Range = [low, high];
  let least = squaredError(histogram, best);
  for (let percent = 99; percent >= 20; percent--) {
    const range: Range = [(low * percent) / 100, (high * percent) / 100];
    const error = squaredError(histogram, range);
    if (error < least) [best, least] = [range, error];
  }
  return best;
}

/** Squared error of 8-bit values on a range: step^2 / 12 inside, the distance to the range outside. */
function squaredError(histogram: Histogram, [low, high]: Range): number {
  const step = (high - low) / 255;
  let error = 0;
  histogram.counts.forEach((count, bin) => {
    if (count === 0) return;
    const x = histogram.centerOf(bin);
    const outside = x < low ? low - x : x > high ? x - high : 0;
    error += count * (outside > 0 ? outside ** 2 : step ** 2 / 12);
  });
  return error;
}
