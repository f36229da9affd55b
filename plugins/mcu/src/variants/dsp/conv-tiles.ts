import type { ConvPlan } from '@whittle/int8';
import type { KernelSource } from '@whittle/kernel-api';
import { kernelFolder } from '../../lowerings/kernel-call.js';
import type { ConvGeometry } from './conv-geometry.js';

/** The instance of the tile loop for a window. */
export function convTiles(plan: ConvPlan, geometry: ConvGeometry): KernelSource {
  const { taps, stride, dilation, phase, pitch, blockSteps, blocks, pixels, packed } = geometry;
  const relu = plan.outputZeroPoint === -128;
  const macros = {
    TAPS: taps,
    STRIDE: stride,
    DILATION: dilation,
    PHASE: 4 * phase,
    PITCH: 4 * pitch,
    UNITS: blockSteps / taps,
    BLOCKS: blocks,
    OUTPUTS: plan.outputChannels,
    RELU: relu ? 1 : 0,
    PIXELS: pixels,
    PACKED: packed ? 1 : 0,
  };
  const name = [
    'whittle_conv_tiles_s8_dsp',
    `${blocks}x${macros.UNITS}x${taps}`,
    `p${pitch}`,
    ...(stride > 1 ? [`s${stride}`] : []),
    ...(dilation > 1 ? [`d${dilation}`] : []),
    `o${plan.outputChannels}`,
    ...(relu ? ['relu'] : []),
    ...(pixels < 4 ? [`w${pixels}`] : []),
    ...(packed ? ['packed'] : []),
  ].join('_');
  const template = 'whittle_conv_tiles_s8_dsp.S.inc';
  const header = 'whittle_conv_tiles_s8_dsp.h.inc';
  return { name, folder: kernelFolder, instance: { template, header, macros } };
}
