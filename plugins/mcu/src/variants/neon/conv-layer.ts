import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelContext, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { call, extents, kernelFolder } from '../../lowerings/kernel-call.js';
import { imageFields, windowFields } from '../../lowerings/linear-layer.js';
import { stripOverlap } from '../../lowerings/row-overlap.js';
import { linearScaling } from '../linear-scaling.js';
import { clampFields } from './clamp-fields.js';
import { holdsProducts, packRuns, paddedBytes, PADDING } from './conv-stream.js';
import type { TileLoop } from './conv-stream.js';

/** A strip is not made taller than one row beyond this many bytes. */
const STRIP_BYTES = 8192;
/** The same, where RAM comes first. */
const SMALL_STRIP_BYTES = 1024;
/** Bytes that loads reach beyond strips and patches. */
const SLACK = 16;

/** A convolution by a tile loop, or undefined where it doesn't cover it. */
export function convLayer(
  node: KernelNode<ConvAttributes>,
  context: KernelContext,
  loop: TileLoop,
): KernelPlan | undefined {
  const plan = convPlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.groups > 1) return undefined;
  const filters = Array.from({ length: plan.outputChannels }, (_, c) =>
    Int8Array.from(
      { length: data.length / plan.outputChannels },
      (_, i) => data[i * plan.outputChannels + c],
    ),
  );
  const withBiases = filters.map((each, c) => ({ weights: each, bias: bias?.[c] ?? 0 }));
  checkAccumulators(node, withBiases, plan.inputZeroPoint);
  const scaling = linearScaling(plan, filters, bias);
  const runs = chooseRuns(plan, loop);
  if (!scaling || !runs) return undefined;
  if (!filters.every((each) => holdsProducts(each, runs.run, loop))) return undefined;
  const direct = runs.run % 16 === 0 && !runs.gathers && staysInside(plan);
  const rows = direct ? 0 : stripRows(plan, context);
  const patchBytes = runs.gathers ? roundUp(runs.run, 4) : 0;
  const columns = plan.dilationWidth === 1 ? 1 : plan.kernelWidth;
  const params = extents(node, {
    ...imageFields(plan),
    output_channels: plan.outputChannels,
    ...windowFields(plan),
    strip_rows: rows,
    columns,
    steps: Math.ceil(runs.run / loop.step),
    patch_bytes: patchBytes,
    tile_pixels: loop.pixels,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
    ...clampFields(plan),
  });
  const patches = patchBytes > 0 ? roundUp(loop.pixels * patchBytes + SLACK, 4) : 0;
  const strip = direct ? 0 : stripBytes(plan, rows) + SLACK;
  return {
    calls: [
      call(
        'whittle_conv_2d_s8_neon',
        struct('whittle_conv_2d_s8_neon_params', params),
        input(0),
        weights('weights', packRuns(filters, scaling, runs.run, loop)),
        { kind: 'function', kernel: { name: loop.name, folder: kernelFolder, file: `${loop.name}.S` } },
        scratch,
        output(0),
      ),
    ],
    scratchBytes: roundUp(4 * plan.kernelHeight * columns + patches + strip, 4),
    overlap: direct ? tileOverlap(plan, loop.pixels) : stripOverlap(plan, rows),
  };
}

/** Bytes of a run, where windows are read in place or, if that pads weights less, gathered into one run each. */
function chooseRuns(plan: ConvPlan, loop: TileLoop): { run: number; gathers: boolean } | undefined {
  const window = plan.kernelHeight * plan.kernelWidth * plan.inputChannels;
  const inPlace = (plan.dilationWidth === 1 ? plan.kernelWidth : 1) * plan.inputChannels;
  for (const [run, gathers] of [
    [inPlace, false],
    [window, true],
  ] as const) {
    const padding = plan.outputChannels * ((window / run) * paddedBytes(run, loop) - window);
    const bytes = plan.outputChannels * window;
    if (padding <= Math.max(PADDING, bytes * 0.04)) return { run, gathers };
  }
  return undefined;
}

function staysInside(plan: ConvPlan): boolean {
  return (
    plan.padTop === 0 &&
    plan.padLeft === 0 &&
    span(plan.kernelHeight, plan.dilationHeight, plan.outputHeight, plan.strideHeight) <= plan.inputHeight &&
    span(plan.kernelWidth, plan.dilationWidth, plan.outputWidth, plan.strideWidth) <= plan.inputWidth
  );
}

/** How far the output may lie before the input where each tile reads before it writes, block by block of channels. */
function tileOverlap(plan: ConvPlan, pixels: number): NonNullable<KernelPlan['overlap']> {
  if (plan.batch !== 1) return [];
  const count = plan.outputHeight * plan.outputWidth;
  let distance = 0;
  for (let first = 0; first < count; first += pixels) {
    const y = Math.floor(first / plan.outputWidth);
    // Later windows of this row and the rows below read from here on at the earliest.
    const read =
      (y * plan.strideHeight * plan.inputWidth + (first % plan.outputWidth) * plan.strideWidth) *
      plan.inputChannels;
    distance = Math.max(distance, Math.min(first + pixels, count) * plan.outputChannels - read);
  }
  return [{ input: 0, output: 0, distance }];
}

/** Output rows computed from one strip of input rows. */
export function stripRows(plan: Omit<ConvPlan, 'groups'>, { optimize }: KernelContext): number {
  const limit = optimize === 'ram' ? SMALL_STRIP_BYTES : STRIP_BYTES;
  let rows = plan.outputHeight;
  while (rows > 1 && stripBytes(plan, rows) > limit) rows--;
  return rows;
}

/** Bytes of the strip for so many output rows. */
export function stripBytes(plan: Omit<ConvPlan, 'groups'>, rows: number): number {
  const height = span(plan.kernelHeight, plan.dilationHeight, rows, plan.strideHeight);
  const width = span(plan.kernelWidth, plan.dilationWidth, plan.outputWidth, plan.strideWidth);
  return height * width * plan.inputChannels;
}

function span(kernel: number, dilation: number, outputs: number, stride: number): number {
  return (outputs - 1) * stride + (kernel - 1) * dilation + 1;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
