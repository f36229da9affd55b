import type { LinearScaling } from '../linear-scaling.js';
import type { ConvGeometry } from './conv-geometry.js';

/** Weights and constants in the order in which whittle_conv_2d_s8_dsp reads them; a filter for each output. */
export function convStream(
  { order }: Pick<ConvGeometry, 'order'>,
  filters: readonly Int8Array[],
  scaling: LinearScaling,
): Int8Array {
  const bytes: number[] = [];
  for (let first = 0; first < filters.length; first += 2) {
    const channels = filters.length - first > 1 ? [first, first + 1] : [first];
    for (const pair of order)
      for (const place of pair) for (const c of channels) bytes.push(filters[c][place]);
    while (bytes.length % 4 > 0) bytes.push(0);
    const constants = channels.flatMap((c) => constantsOf(c, scaling));
    bytes.push(...new Int8Array(Int32Array.from(constants).buffer));
  }
  return Int8Array.from(bytes);
}

function constantsOf(c: number, { biases, multipliers, shifts, narrow }: LinearScaling): number[] {
  return narrow ? [(biases[c] << 8) | shifts[c], multipliers[c]] : [biases[c], shifts[c], multipliers[c]];
}
