import type { ConvAttributes } from '@whittle/core';
import { convPlan } from '@whittle/int8';
import type { ConvPlan } from '@whittle/int8';
import type { KernelContext, KernelNode, KernelPlan, StructFields } from '@whittle/kernel-api';
import { extents } from '../../lowerings/kernel-call.js';
import { imageFields, windowFields } from '../../lowerings/linear-layer.js';
import { rowOverlap } from '../../lowerings/row-overlap.js';
import { chooseSchedule, rowSchedules, windowSchedules } from './conv-schedule.js';
import { linearCalls, outputStage } from './linear-layer.js';
import type { OutputStage } from './linear-layer.js';
import { packTapPairs } from './tap-pairs.js';
import type { Filter, TapPairs } from './tap-pairs.js';

const pair = {
  kind: 'function',
  kernel: {
    name: 'whittle_conv_pair_s8_armv6m',
    folder: new URL('../../../kernels/', import.meta.url),
    file: 'whittle_conv_pair_s8_armv6m.S',
  },
} as const;

/** Two channels and two pixels at a time, by products of 16 bits in 32. */
export function armv6mConv2d(
  node: KernelNode<ConvAttributes>,
  { optimize }: KernelContext,
): KernelPlan | undefined {
  const plan = convPlan(node);
  const filters = filtersOf(node, plan);
  const stage = filters && outputStage(filters, node.constants[2]?.data as Int32Array | undefined, plan);
  if (!filters || !stage) return undefined;
  const byRows = plan.groups === 1 && plan.dilationWidth === 1 && pack(filters, 1, plan.kernelHeight);
  const byWindows = pack(filters, plan.groups, 1);
  const schedules = [
    ...(byRows ? rowSchedules(plan, byRows) : []),
    ...(byWindows ? windowSchedules(plan, byWindows) : []),
  ];
  if (schedules.length === 0) return undefined;
  const { rows, step, scratchBytes } = chooseSchedule(schedules, optimize);
  const taps = (rows && byRows) || (byWindows as TapPairs);
  const kernel = rows ? 'whittle_conv_2d_rows_s8_armv6m' : 'whittle_conv_2d_windows_s8_armv6m';
  const params = rows
    ? rowParams(node, plan, step, stage, taps)
    : windowParams(node, plan, step, stage, taps);
  return {
    calls: linearCalls(node, kernel, params, taps.words, stage.bias, plan, pair),
    scratchBytes,
    overlap: rows ? rowOverlap(plan, step) : blockOverlap(plan, step),
  };
}

/** Weights by channel; nothing where weights or bias are computed. */
function filtersOf(node: KernelNode<ConvAttributes>, plan: ConvPlan): Filter[] | undefined {
  const data = node.constants[1]?.data as Int8Array | undefined;
  if (!data || (node.inputs[2] && !node.constants[2])) return undefined;
  const taps = data.length / plan.outputChannels;
  return Array.from({ length: plan.outputChannels }, (_, channel) =>
    Int8Array.from({ length: taps }, (__, tap) => data[tap * plan.outputChannels + channel]),
  );
}

/** Bytes of padding that weights may always have. */
const PADDING_BYTES = 64;

/** Channels packed two by two within groups; nothing where they don't fit the kernel, or padding takes too much. */
function pack(filters: readonly Filter[], groups: number, runs: number): TapPairs | undefined {
  const size = filters.length / groups;
  const packed: TapPairs[] = [];
  for (let group = 0; group < groups; group++) {
    const each = packTapPairs(filters.slice(group * size, (group + 1) * size), runs);
    if (!each) return undefined;
    packed.push(each);
  }
  const words = Uint32Array.from(packed.flatMap((each) => [...each.words]));
  const bytes = filters.length * filters[0].length;
  if (words.byteLength > 1.05 * bytes + PADDING_BYTES) return undefined;
  return {
    ...packed[0],
    words,
    streamWords: Math.max(...packed.map(({ streamWords }) => streamWords)),
    pairs: groups * packed[0].pairs,
    groups: packed.reduce((sum, each) => sum + each.groups, 0),
  };
}

function rowParams(
  node: KernelNode<ConvAttributes>,
  plan: ConvPlan,
  rows: number,
  { form }: OutputStage,
  { streamWords }: TapPairs,
): StructFields {
  const { dilation_width: _, ...fields } = windowFields(plan);
  return extents(node, {
    ...imageFields(plan),
    output_channels: plan.outputChannels,
    ...fields,
    strip_rows: rows,
    stream_words: streamWords,
    channel_step: 0,
    form,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
}

function windowParams(
  node: KernelNode<ConvAttributes>,
  plan: ConvPlan,
  pixels: number,
  { form }: OutputStage,
  { streamWords }: TapPairs,
): StructFields {
  return extents(node, {
    ...imageFields(plan),
    output_channels: plan.outputChannels,
    ...windowFields(plan),
    groups: plan.groups,
    block_pixels: pixels,
    stream_words: streamWords,
    channel_step: 0,
    form,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
}

/** How the output may overlap the input where blocks of pixels are written once their windows are read. */
function blockOverlap(plan: ConvPlan, pixels: number): NonNullable<KernelPlan['overlap']> {
  if (plan.batch !== 1 || plan.groups !== 1) return [];
  const total = plan.outputHeight * plan.outputWidth;
  let distance = 0;
  for (let done = pixels; done < total; done += pixels) {
    const row = Math.floor(done / plan.outputWidth);
    const column =
      plan.kernelWidth === 1 && plan.padLeft === 0 ? (done % plan.outputWidth) * plan.strideWidth : 0;
    const top = Math.max(0, row * plan.strideHeight - plan.padTop);
    const unread = (top * plan.inputWidth + column) * plan.inputChannels;
    distance = Math.max(distance, done * plan.outputChannels - unread);
  }
  return [{ input: 0, output: 0, distance }];
}
