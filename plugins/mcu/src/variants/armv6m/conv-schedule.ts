import type { ConvPlan } from '@whittle/int8';
import type { Optimization } from '@whittle/kernel-api';
import type { TapPairs } from './tap-pairs.js';

/** How a convolution goes through its image: so many output rows, or pixels, at a time. */
export interface Schedule {
  readonly rows: boolean;
  readonly step: number;
  readonly scratchBytes: number;
  /** Instructions, roughly. */
  readonly cost: number;
}

/** Instructions, as counted: of a tap and a group of a tile, of a tile's end, and of unpacking a word and a group. */
const TAP = 5.5;
const GROUP = 8;
const RUN = 3;
const TILE = 95;
const UNPACKED_WORD = 27;
const UNPACKED_GROUP = 22;
const PAIR = 250;
/** Of a word of two inputs, a word that is moved, and a stretch of either. */
const JOINED = 6;
const MOVED = 1;
const STRETCH = 60;

/** How much slower than the fastest a schedule with less scratch may be. */
const SLACK: Readonly<Record<Optimization, number>> = { speed: 1.13, flash: 1.13, ram: 1.4 };
const MOST_SCRATCH = 24576;

/** The one with the least scratch of those that are nearly as fast as the fastest. */
export function chooseSchedule(candidates: readonly Schedule[], optimize: Optimization): Schedule {
  const small = candidates.filter(({ scratchBytes }) => scratchBytes <= MOST_SCRATCH);
  const least = candidates.reduce((a, b) => (b.scratchBytes < a.scratchBytes ? b : a));
  const within = small.length > 0 ? small : [least];
  const limit = Math.min(...within.map(({ cost }) => cost)) * SLACK[optimize];
  return within
    .filter(({ cost }) => cost <= limit)
    .reduce((a, b) => (b.scratchBytes < a.scratchBytes ? b : a));
}

/** By rows, of which `whittle_conv_2d_rows_s8_armv6m` holds windows in scratch. */
export function rowSchedules(plan: ConvPlan, taps: TapPairs): Schedule[] {
  const half = Math.ceil(plan.outputWidth / 2);
  const line = ((half - 1) * plan.strideWidth + plan.kernelWidth) * plan.inputChannels;
  const reach = (plan.kernelHeight - 1) * plan.dilationHeight + 1;
  return Array.from({ length: plan.outputHeight }, (_, i) => {
    const step = i + 1;
    const strips = Math.ceil(plan.outputHeight / step);
    const rows = (step - 1) * plan.strideHeight + reach;
    const fresh = Math.min(rows, step * plan.strideHeight);
    const joined = rows + (strips - 1) * fresh;
    const moved = (strips - 1) * (rows - fresh);
    return {
      rows: true,
      step,
      scratchBytes: 4 * (rows * line + 1 + taps.streamWords + taps.spareWords),
      cost:
        tileCost(taps, half * plan.outputHeight) +
        strips * unpackCost(taps) +
        joined * (line * JOINED + 3 * STRETCH) +
        moved * line * MOVED,
    };
  });
}

/** By pixels, whose windows `whittle_conv_2d_windows_s8_armv6m` holds in scratch. */
export function windowSchedules(plan: ConvPlan, taps: TapPairs): Schedule[] {
  const pixels = plan.outputHeight * plan.outputWidth;
  const whole = plan.groups === 1 && plan.dilationWidth === 1;
  const stretches = plan.kernelHeight * (whole ? 1 : plan.kernelWidth);
  const tiles = Math.ceil(pixels / 2);
  return Array.from({ length: Math.min(tiles, 128) }, (_, i) => {
    const blockTiles = i + 1;
    return {
      rows: false,
      step: 2 * blockTiles,
      scratchBytes: 4 * (blockTiles * 2 * taps.runPairs + taps.streamWords + taps.spareWords),
      cost:
        tileCost(taps, tiles) +
        Math.ceil(tiles / blockTiles) * unpackCost(taps) +
        tiles * plan.groups * (2 * taps.runPairs * JOINED + stretches * STRETCH),
    };
  });
}

function tileCost(taps: TapPairs, tiles: number): number {
  const words = taps.pairs * taps.runs * taps.runPairs;
  return tiles * (2 * TAP * words + GROUP * taps.groups + taps.pairs * (RUN * taps.runs + TILE));
}

/** Of unpacking all weights once. */
function unpackCost(taps: TapPairs): number {
  const words = taps.pairs * taps.runs * taps.runPairs;
  return UNPACKED_WORD * words + UNPACKED_GROUP * taps.groups + PAIR * taps.pairs;
}
