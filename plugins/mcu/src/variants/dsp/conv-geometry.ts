import type { ConvPlan } from '@whittle/int8';
import type { KernelPlan, Optimization } from '@whittle/kernel-api';
import { rowOverlap } from '../../lowerings/row-overlap.js';
import { blockingOf } from './conv-blocking.js';

/** How a layer's windows lie in the strip, as whittle_conv_2d_s8_dsp.h names it. */
export interface ConvGeometry {
  /** The kernel that puts the strip together. */
  readonly fill: 'rows' | 'pixels' | 'patches';
  readonly batches: number;
  readonly lines: number;
  readonly band: number;
  readonly stripWords: number;
  readonly rowWords: number;
  /** In words. */
  readonly pitch: number;
  readonly phase: number;
  readonly stretches: number;
  readonly pairs: number;
  readonly singles: number;
  readonly units: number;
  readonly blockSteps: number;
  readonly blocks: number;
  /** Whether tiles read weights as they are stored: a fifth slower, but they are not widened for each band. */
  readonly packed: boolean;
  /** Steps of a unit. */
  readonly taps: number;
  /** Columns from one output, and from one tap, to the next. */
  readonly stride: number;
  readonly dilation: number;
  /** Pixels of a tile that are stored. */
  readonly pixels: number;
  /** For each pair of weights in the stream their places in a filter. */
  readonly order: readonly (readonly [number] | readonly [number, number])[];
  readonly sharing: Pick<KernelPlan, 'inPlace' | 'overlap'>;
}

/** Words and bytes that loads with an immediate offset reach. */
const REACH = 1020;
/** What a strip may take, but a smallest one; of gathered windows, where RAM comes first, a share of the output's bytes. */
const STRIP_BYTES = { speed: 8192, flash: 8192, ram: 4608 };
const GATHERED_SHARE = 1 / 16;
/** Pixels of a band for which it hardly pays to unpack weights less often. */
const BAND_PIXELS = { rows: 64, pixels: 32 };
/** Steps of the longest loop body, of which a window of rows has more than a gathered one. */
const MAX_BLOCK = { rows: 12, pixels: 20 };
/** Bytes by which an immediate moves a pointer. */
const MAX_PACKED_PITCH = 4095;
/** Columns that a tap reaches in the kernel's template. */
const MAX_TAPS = 16;

/** What suits the shape best, whatever the height of the image: a stripe of it must not have its weights in another order. */
export function convGeometry(plan: ConvPlan, optimize: Optimization): ConvGeometry | undefined {
  const pixels = pointwise(plan) ? pixelGeometry(plan, optimize) : undefined;
  if (pixels) return pixels;
  const rows = rowGeometry(plan, optimize);
  const patches = patchGeometry(plan, optimize);
  if (!rows || !patches) return rows ?? patches;
  return rowCost(plan) <= patchCost(plan) ? rows : patches;
}

function pointwise({ kernelHeight, kernelWidth, strideHeight, strideWidth, ...plan }: ConvPlan): boolean {
  const same = plan.outputHeight === plan.inputHeight && plan.outputWidth === plan.inputWidth;
  return (
    kernelHeight * kernelWidth * strideHeight * strideWidth === 1 && same && plan.padTop + plan.padLeft === 0
  );
}

/** Instructions for an output channel of a pixel, roughly. */
function rowCost(plan: ConvPlan): number {
  const { outputWidth, kernelHeight, kernelWidth, inputChannels } = plan;
  const waste = (Math.ceil(outputWidth / 4) * 4) / outputWidth;
  return waste * (kernelHeight * kernelWidth * pairs(inputChannels) * 1.38 + 8);
}

function patchCost({ kernelHeight, kernelWidth, inputChannels, outputChannels }: ConvPlan): number {
  const depth = kernelHeight * kernelWidth * inputChannels;
  return depth * (0.69 + 0.75 / BAND_PIXELS.pixels) + 8 + (2.5 * depth) / outputChannels;
}

function rowGeometry(plan: ConvPlan, optimize: Optimization): ConvGeometry | undefined {
  const { outputWidth, kernelHeight, kernelWidth, inputChannels, strideHeight, strideWidth } = plan;
  if (outputWidth < 4 || kernelWidth > MAX_TAPS || plan.dilationHeight > 1) return undefined;
  if (kernelWidth * plan.dilationWidth < strideWidth) return undefined;
  const columns = (outputWidth - 1) * strideWidth + (kernelWidth - 1) * plan.dilationWidth + 1;
  const phase = Math.ceil(columns / strideWidth);
  const pitch = strideWidth * phase;
  const furthest = ((strideWidth - 1) * phase + kernelWidth * plan.dilationWidth + 2) * 4;
  if (furthest > REACH || columns <= plan.padLeft) return undefined;
  const channelPairs = pairs(inputChannels);
  const rowWords = channelPairs * pitch;
  const needed = (band: number) => (band - 1) * strideHeight + kernelHeight;
  const most = Math.min(plan.outputHeight, Math.ceil(BAND_PIXELS.rows / outputWidth));
  let band = most;
  while (band > 1 && needed(band) * rowWords * 4 > STRIP_BYTES[optimize]) band--;
  const units = kernelHeight * channelPairs;
  const blocking = blockingOf(
    {
      units,
      taps: kernelWidth,
      most: pitch * 4 > REACH ? 1 : MAX_BLOCK.rows,
      tiles: band * Math.ceil(outputWidth / 4),
      canPack: inputChannels % 2 === 0 && plan.outputChannels % 2 === 0 && pitch * 4 <= MAX_PACKED_PITCH,
    },
    optimize,
  );
  const order: ConvGeometry['order'][number][] = [];
  for (let row = 0; row < kernelHeight; row++)
    for (const pair of pairsOf(inputChannels))
      for (let column = 0; column < kernelWidth; column++)
        order.push(shifted(pair, (row * kernelWidth + column) * inputChannels));
  return {
    fill: 'rows',
    batches: plan.batch,
    lines: plan.outputHeight,
    band,
    // Units that fill up the last block lie behind the strip.
    stripWords: needed(band) * rowWords + (blocking.blocks * blocking.blockUnits - units) * pitch,
    rowWords,
    pitch,
    phase,
    stretches: kernelHeight,
    pairs: (channelPairs - (inputChannels % 2)) * kernelWidth,
    singles: (inputChannels % 2) * kernelWidth,
    units,
    blockSteps: blocking.blockUnits * kernelWidth,
    blocks: blocking.blocks,
    packed: blocking.packed,
    taps: kernelWidth,
    stride: strideWidth,
    dilation: plan.dilationWidth,
    pixels: 4,
    order,
    sharing: { overlap: rowOverlap(plan, band) },
  };
}

function pixelGeometry(plan: ConvPlan, optimize: Optimization): ConvGeometry {
  const lines = plan.batch * plan.outputHeight * plan.outputWidth;
  const { inputChannels, outputChannels } = plan;
  const geometry = gatheredGeometry({ run: inputChannels, stretches: 1, lines, outputChannels }, optimize);
  const growth = outputChannels - inputChannels;
  const distance = Math.max(0, growth) * Math.floor((lines - 1) / geometry.band) * geometry.band;
  return {
    ...geometry,
    fill: 'pixels',
    batches: 1,
    sharing: {
      overlap: [{ input: 0, output: 0, distance }],
      ...(growth <= 0 && { inPlace: [{ input: 0, output: 0 }] }),
    },
  };
}

function patchGeometry(plan: ConvPlan, optimize: Optimization): ConvGeometry {
  const { kernelHeight, kernelWidth, inputChannels, outputChannels } = plan;
  const runs = plan.dilationWidth === 1 ? 1 : kernelWidth;
  const lines = plan.outputHeight * plan.outputWidth;
  const run = (kernelWidth / runs) * inputChannels;
  const geometry = gatheredGeometry({ run, stretches: kernelHeight * runs, lines, outputChannels }, optimize);
  return { ...geometry, fill: 'patches', batches: plan.batch, sharing: patchOverlap(plan, geometry.band) };
}

/** Windows that are gathered for each pixel. */
interface Gathering {
  /** Bytes of a stretch that lies in the image without gap. */
  readonly run: number;
  readonly stretches: number;
  readonly lines: number;
  readonly outputChannels: number;
}

function gatheredGeometry(
  { run, stretches, lines, outputChannels }: Gathering,
  optimize: Optimization,
): Omit<ConvGeometry, 'fill' | 'batches' | 'sharing'> {
  const each = pairs(run);
  const units = stretches * each;
  const most = Math.max(4, Math.min(BAND_PIXELS.pixels, Math.ceil(lines / 4) * 4));
  let band = most;
  const share = optimize === 'ram' ? lines * outputChannels * GATHERED_SHARE : Infinity;
  while (band > 4 && units * band * 4 > Math.min(STRIP_BYTES[optimize], share)) band -= 4;
  const canPack = run % 2 === 0 && outputChannels % 2 === 0;
  const { blockUnits, blocks, packed } = blockingOf(
    { units, taps: 1, most: MAX_BLOCK.pixels, tiles: Math.ceil(Math.min(band, lines) / 4), canPack },
    optimize,
  );
  const order = Array.from({ length: stretches }, (_, s) =>
    pairsOf(run).map((pair) => shifted(pair, s * run)),
  ).flat();
  return {
    lines,
    band,
    stripWords: blocks * blockUnits * band,
    rowWords: 0,
    pitch: band,
    phase: band,
    stretches,
    pairs: each - (run % 2),
    singles: run % 2,
    units,
    blockSteps: blockUnits,
    blocks,
    packed,
    taps: 1,
    stride: 1,
    dilation: 1,
    pixels: Math.min(4, lines),
    order,
  };
}

/** Each band is written when it has been gathered, and later ones don't reach above their first row. */
function patchOverlap(plan: ConvPlan, band: number): Pick<KernelPlan, 'overlap'> {
  if (plan.batch !== 1) return {};
  const line = plan.inputWidth * plan.inputChannels;
  let distance = 0;
  for (let done = band; done < plan.outputHeight * plan.outputWidth; done += band) {
    const row = Math.floor(done / plan.outputWidth) * plan.strideHeight - plan.padTop;
    if (row < plan.inputHeight)
      distance = Math.max(distance, done * plan.outputChannels - Math.max(0, row) * line);
  }
  return { overlap: [{ input: 0, output: 0, distance }] };
}

function pairs(count: number): number {
  return Math.ceil(count / 2);
}

/** Elements as they come apart when four bytes are widened at once; the rest two by two. */
function pairsOf(count: number): (readonly [number] | readonly [number, number])[] {
  const list: (readonly [number] | readonly [number, number])[] = [];
  let at = 0;
  for (; at + 4 <= count; at += 4) list.push([at, at + 2], [at + 1, at + 3]);
  if (count - at === 3) list.push([at, at + 2], [at + 1]);
  if (count - at === 2) list.push([at, at + 1]);
  if (count - at === 1) list.push([at]);
  return list;
}

function shifted(pair: readonly [number] | readonly [number, number], by: number) {
  return pair.length === 1 ? ([pair[0] + by] as const) : ([pair[0] + by, pair[1] + by] as const);
}
