import type { DepthwisePlan } from '@whittle/int8';
import { struct } from '@whittle/kernel-api';
import type { KernelArgument, KernelSource } from '@whittle/kernel-api';
import { kernelFolder } from '../../lowerings/kernel-call.js';
import type { LinearScaling } from '../linear-scaling.js';

/** Outputs of a tile in whittle_depthwise_tiles_s8_mve.h.inc. */
const TILE = 8;

/** Whether the windows of two neighbouring columns lie within four columns. */
export function sharesLines({ kernelWidth, strideWidth }: DepthwisePlan): boolean {
  return kernelWidth + strideWidth <= 4;
}

/** What the tile loop for one or two columns is told, with lines of `lineRows` rows, and its instance. */
export function tileLoop(
  plan: DepthwisePlan,
  columns: 1 | 2,
  lineRows: number,
  scaling: LinearScaling,
): [KernelArgument, KernelArgument] {
  return [
    tileParams(plan, columns, lineRows),
    { kind: 'function', kernel: tileKernel(plan, columns, scaling) },
  ];
}

function tileParams(plan: DepthwisePlan, columns: 1 | 2, lineRows: number): KernelArgument {
  const rows = TILE / columns;
  const row = plan.outputWidth * plan.outputChannels;
  const rest = plan.outputHeight % rows;
  const back = rest > 0 ? rows - rest : 0;
  const taps = new Array<number>(16).fill(0);
  let lanes = 0;
  for (let y = 0; y < plan.kernelHeight; y++)
    for (let x = 0; x < plan.kernelWidth; x++) {
      taps[4 * y + x] = y * plan.kernelWidth + x;
      lanes |= 1 << (4 * y + x);
    }
  return struct('whittle_depthwise_tiles_s8_mve_params', {
    offsets: [0, 1, 2, 3].flatMap((i) => [
      i * row,
      columns === 2 ? i * row + plan.outputChannels : (i + 4) * row,
    ]),
    taps,
    lanes,
    output_zero_point: plan.outputZeroPoint,
    one: 1,
    window: plan.kernelHeight * plan.kernelWidth,
    line_bytes: 4 * lineRows,
    second_line: 16 * lineRows,
    tile_step: rows * row,
    whole: (plan.outputHeight - rest) * row,
    total: plan.outputHeight * row,
    line_back: back * plan.strideHeight * 4,
    output_back: back * row,
  });
}

function tileKernel(plan: DepthwisePlan, columns: 1 | 2, { narrow }: LinearScaling): KernelSource {
  const shared = sharesLines(plan);
  const shift = columns === 2 && shared ? plan.strideWidth : 0;
  const stride = plan.strideHeight;
  const signed = plan.outputZeroPoint !== -128;
  const name = [
    'whittle_depthwise_tiles_s8_mve',
    columns === 1 ? 'single' : shared ? `pair${shift}` : 'pair',
    ...(stride > 1 ? [`s${stride}`] : []),
    ...(narrow ? [] : ['wide']),
    ...(signed ? ['signed'] : []),
  ].join('_');
  const instance = {
    template: 'whittle_depthwise_tiles_s8_mve.S.inc',
    header: 'whittle_depthwise_tiles_s8_mve.h.inc',
    macros: {
      COLUMNS: columns,
      STRIDE: stride,
      SHIFT: shift,
      WIDE: narrow ? 0 : 1,
      SIGNED: signed ? 1 : 0,
    },
  };
  return { name, folder: kernelFolder, instance };
}

/** Constants, then weights of four channels after four, as the tile loops read them. */
export function tileStream(filters: readonly Int8Array[], scaling: LinearScaling): Int8Array {
  const { biases, multipliers, shifts, narrow } = scaling;
  const bytes: number[] = [];
  for (let first = 0; first < filters.length; first += 4) {
    const channels = [first, first + 1, first + 2, first + 3];
    const words = channels.flatMap((c) =>
      narrow
        ? [(biases[c] << 8) | (-shifts[c] & 255), multipliers[c]]
        : [biases[c], multipliers[c], -shifts[c]],
    );
    bytes.push(...new Int8Array(Int32Array.from(words).buffer));
    for (const c of channels) bytes.push(...filters[c]);
  }
  return Int8Array.from(bytes);
}
