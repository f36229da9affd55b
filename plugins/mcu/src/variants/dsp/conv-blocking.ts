import type { Optimization } from '@whittle/kernel-api';

/** What the choice of blocks depends on. */
export interface ConvWindow {
  /** Units of the strip that a window has. */
  readonly units: number;
  readonly taps: number;
  /** Steps of the longest block. */
  readonly most: number;
  /** Tiles of a band. */
  readonly tiles: number;
  readonly canPack: boolean;
}

/** How the tiles of whittle_conv_2d_s8_dsp go over a window. */
export interface ConvBlocking {
  readonly blockUnits: number;
  readonly blocks: number;
  /** Whether tiles read weights as they are stored: each step takes longer, but weights aren't widened for each band. */
  readonly packed: boolean;
}

/** Instructions of a step, and of a block besides; of widening a step's weights; what a step's code counts beside them. */
const WIDENED = { step: 11, block: 3, code: 0.65 };
const PACKED = { step: 13, block: 5, code: 1.2 };
const WIDENING = { step: 3.5, rest: 0.5 };
/** What packed weights may cost where RAM comes first, which widened ones take as long as a band is computed. */
const PACKED_COST = 1.3;
/** What short blocks may cost where flash comes first, which the longest have the least of. */
const SHORT_COST = 1.1;

/**
 * Packed weights where RAM comes first, and where bands are so small that widening costs more. Where flash comes first,
 * blocks, which are the loop's body, are as short as they may be.
 */
export function blockingOf(window: ConvWindow, optimize: Optimization): ConvBlocking {
  const choose = optimize === 'flash' ? shortest(window.taps) : cheapest;
  const widened = widenedBlocking(window, choose);
  const packed = window.canPack ? packedBlocking(window, choose) : undefined;
  if (!packed) return widened;
  const { tiles, taps } = window;
  const [tile, packedTile] = [tileCost(widened, taps), tileCost(packed, taps)];
  const widening = widened.blockUnits * widened.blocks * taps * WIDENING.step;
  const affordable = optimize === 'ram' && packedTile <= PACKED_COST * tile;
  return affordable || packedTile * tiles < tile * tiles + widening ? packed : widened;
}

function tileCost({ blockUnits, blocks, packed }: ConvBlocking, taps: number): number {
  const { step, block } = packed ? PACKED : WIDENED;
  return blocks * (blockUnits * taps * step + block);
}

/** What loses the least to the last block, to the ends of blocks, and to widening, for code that is not too long. */
function widenedBlocking(window: ConvWindow, choose: Choose): ConvBlocking {
  const { units, taps } = window;
  const blockings = lengths(window).map((blockUnits) => ({
    blockUnits,
    blocks: Math.ceil(units / blockUnits),
    packed: false,
  }));
  return choose(blockings, (each) => {
    const steps = each.blockUnits * taps;
    const widening = steps % 4 === 0 && units % each.blockUnits === 0 ? 0 : units * taps * WIDENING.rest;
    return tileCost(each, taps) + widening + steps * WIDENED.code;
  });
}

/** Of whole blocks alone. */
function packedBlocking(window: ConvWindow, choose: Choose): ConvBlocking {
  const { units, taps } = window;
  const blockings = lengths(window)
    .filter((blockUnits) => units % blockUnits === 0)
    .map((blockUnits) => ({ blockUnits, blocks: units / blockUnits, packed: true }));
  return choose(blockings, (each) => tileCost(each, taps) + each.blockUnits * taps * PACKED.code);
}

/** Units that a block may have. */
function lengths({ units, taps, most }: ConvWindow): number[] {
  return Array.from({ length: Math.max(1, Math.min(units, Math.floor(most / taps))) }, (_, i) => i + 1);
}

type Choose = (blockings: readonly ConvBlocking[], cost: (blocking: ConvBlocking) => number) => ConvBlocking;

/** The shortest block whose tiles cost little more than those of the longest. */
function shortest(taps: number): Choose {
  return (blockings) => {
    const least = Math.min(...blockings.map((each) => tileCost(each, taps)));
    return blockings.find((each) => tileCost(each, taps) <= SHORT_COST * least)!;
  };
}

/** The longest block among those of the least cost. */
function cheapest(
  blockings: readonly ConvBlocking[],
  cost: (blocking: ConvBlocking) => number,
): ConvBlocking {
  return blockings.reduce((best, each) => (cost(each) <= cost(best) ? each : best));
}
