import type { ConvPlan } from '@whittle/int8';
import type { KernelSource } from '@whittle/kernel-api';
import { kernelFolder } from '../../lowerings/kernel-call.js';
import type { LinearScaling } from '../linear-scaling.js';

/** The window of an output as whittle_conv_tiles_s8_mve.h.inc sees it. */
export interface TileWindow {
  /** Bytes that the window has in one pixel, and bytes from one pixel to the next. */
  readonly depth: number;
  readonly pixel: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Along a row, in pixels. */
  readonly stride: number;
  readonly dilation: number;
}

/** What immediate operands hold: bytes of a pixel's slices, and from one output's pixel to the next. */
const MAX_DEPTH = 4080;
const MAX_STEP = 4095;
/** Pixels that the template goes through. */
const MAX_POSITION = 31;
/** Slices of 16 bytes without a loop, where a slice is short. */
const STRAIGHT_SLICES = 8;

/** The instance of the tile loop for a window, or undefined where the window's bytes are out of its loads' reach. */
export function tileKernel(
  window: TileWindow,
  { outputChannels, outputZeroPoint }: Pick<ConvPlan, 'outputChannels' | 'outputZeroPoint'>,
  { narrow }: LinearScaling,
): KernelSource | undefined {
  const { depth, pixel, kernelHeight, kernelWidth, stride, dilation } = window;
  const unroll = unrolledSlices(window);
  const pointers = choosePointers(window, unroll);
  if (!pointers) return undefined;
  const odd = outputChannels % 2;
  const macros = {
    DEPTH: depth,
    PIXEL: pixel,
    KERNEL_HEIGHT: kernelHeight,
    KERNEL_WIDTH: kernelWidth,
    STRIDE: stride,
    DILATION: dilation,
    UNROLL: unroll,
    SPLIT: pointers.split,
    ANCHOR: pointers.anchor,
    FAR: pointers.far ? 1 : 0,
    ODD: odd,
    WIDE: narrow ? 0 : 1,
    SIGNED: outputZeroPoint === -128 ? 0 : 1,
  };
  const name = [
    'whittle_conv_tiles_s8_mve',
    depth === pixel ? depth : `${depth}in${pixel}`,
    `k${kernelHeight}x${kernelWidth}`,
    ...(stride > 1 ? [`s${stride}`] : []),
    ...(dilation > 1 ? [`d${dilation}`] : []),
    ...(odd ? ['odd'] : []),
    ...(narrow ? [] : ['wide']),
    ...(outputZeroPoint === -128 ? [] : ['signed']),
  ].join('_');
  const template = 'whittle_conv_tiles_s8_mve.S.inc';
  const header = 'whittle_conv_tiles_s8_mve.h.inc';
  return { name, folder: kernelFolder, instance: { template, header, macros } };
}

function unrolledSlices({ depth, kernelHeight, kernelWidth }: TileWindow): number {
  const slices = Math.floor(depth / 16);
  if (kernelHeight * kernelWidth > 1) return 1;
  return slices <= STRAIGHT_SLICES ? Math.max(slices, 1) : 4;
}

/**
 * Which pixels the input pointers point to: one pointer, or two that share the pixels at `split`, each `anchor` pixels
 * behind the first that it reaches; or one for each pixel.
 */
function choosePointers(window: TileWindow, unroll: number) {
  const { depth, stride, dilation, kernelWidth } = window;
  const last = 3 * stride + (kernelWidth - 1) * dilation;
  if (last > MAX_POSITION) return undefined;
  const slices = Math.floor(depth / 16);
  const offset = Math.max(0, Math.max(unroll - 1, (slices % unroll) - 1)) * 16;
  // A tail lies behind the slices, or is alone.
  const tail = depth % 16 > 0 && slices <= unroll + (slices % unroll) ? 16 : 0;
  for (const split of [0, Math.floor(last / 2) + 1])
    for (let anchor = 0; anchor <= last; anchor++) {
      const reached = split || last + 1;
      const behind = -anchor;
      const ahead = Math.max(reached - 1, last - split) - anchor;
      if (reaches(window, behind, ahead, offset + tail)) return { split, anchor, far: false };
    }
  const far =
    window.kernelHeight * kernelWidth === 1 && depth <= MAX_DEPTH && stride * window.pixel <= MAX_STEP;
  return far ? { split: 0, anchor: 0, far } : undefined;
}

/** Byte loads reach 127 bytes at any address, word loads 508 at multiples of 4. */
function reaches({ pixel }: TileWindow, behind: number, ahead: number, offset: number): boolean {
  const reach = pixel % 4 === 0 ? 508 : 127;
  return behind * pixel >= -reach && ahead * pixel + offset <= reach;
}

/**
 * Weights and constants in the order in which the tile loop reads them. `filters` has for each output the weights of a
 * window: row, column, depth.
 */
export function tileStream(
  { depth, kernelHeight, kernelWidth }: TileWindow,
  filters: readonly Int8Array[],
  scaling: LinearScaling,
): Int8Array {
  const taps = kernelHeight * kernelWidth;
  const bytes: number[] = [];
  let tail = 0;
  for (let first = 0; first < filters.length; first += 2) {
    const channels = filters.length - first > 1 ? [first, first + 1] : [first];
    for (let at = 0; at < depth; at += 16)
      for (let tap = 0; tap < taps; tap++)
        for (const c of channels) {
          tail = bytes.length;
          bytes.push(...filters[c].subarray(tap * depth + at, tap * depth + Math.min(at + 16, depth)));
        }
    while (bytes.length % 4 > 0) bytes.push(0);
    bytes.push(...constantBytes(channels, scaling));
  }
  // The last weights are loaded as a whole vector.
  while (bytes.length < tail + 16) bytes.push(0);
  return Int8Array.from(bytes);
}

function constantBytes(channels: readonly number[], { biases, multipliers, shifts, narrow }: LinearScaling) {
  const words = narrow
    ? channels.flatMap((c) => [(biases[c] << 8) | (-shifts[c] & 255), multipliers[c]])
    : [...channels.flatMap((c) => [biases[c], multipliers[c]]), ...channels.map((c) => -shifts[c])];
  return new Int8Array(Int32Array.from(words).buffer);
}
