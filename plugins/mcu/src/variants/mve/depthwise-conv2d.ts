import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { call, kernelFolder } from '../../lowerings/kernel-call.js';
import { mveClampCalls } from './clamp.js';
import { linearScaling } from './linear-scaling.js';
import type { LinearScaling } from './linear-scaling.js';

/** Bytes of an output row that a tile's halfword offsets reach, with four rows and with eight. */
const MAX_PAIR_ROW = 21844;
const MAX_SINGLE_ROW = 9362;
/** The lines of four channels are held for the whole image up to this many bytes. */
const HELD_BYTES = 1536;

export function mveDepthwiseConv2d(node: KernelNode<DepthwiseAttributes>): KernelPlan | undefined {
  const plan = depthwisePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || !covers(plan)) return undefined;
  const { outputChannels: channels, outputWidth, outputHeight } = plan;
  const filters = Array.from({ length: channels }, (_, c) =>
    Int8Array.from({ length: data.length / channels }, (_, tap) => data[tap * channels + c]),
  );
  checkAccumulators(
    node,
    filters.map((each, c) => ({ weights: each, bias: bias?.[c] ?? 0 })),
    plan.inputZeroPoint,
  );
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  const shared = plan.kernelWidth + plan.strideWidth <= 4;
  const alone = outputWidth % 2 > 0 && outputHeight >= 8 && outputWidth * channels <= MAX_SINGLE_ROW;
  if (outputWidth === 1 && !alone) return undefined;
  const lineRows = Math.ceil(((outputHeight - 1) * plan.strideHeight + 4) / 4) * 4;
  const lines = shared ? 1 : 2;
  const allLines = 16 * lineRows * lines * Math.ceil(outputWidth / 2);
  const sameShape = plan.inputHeight === outputHeight && plan.inputWidth === outputWidth;
  const held = sameShape && allLines <= HELD_BYTES;
  const stream = depthwiseStream(filters, scaling);
  const params = struct('whittle_depthwise_conv_2d_s8_mve_params', {
    batches: plan.batch,
    input_height: plan.inputHeight,
    input_width: plan.inputWidth,
    channels,
    output_height: outputHeight,
    output_width: outputWidth,
    kernel_height: plan.kernelHeight,
    kernel_width: plan.kernelWidth,
    stride_height: plan.strideHeight,
    stride_width: plan.strideWidth,
    pad_top: plan.padTop,
    pad_left: plan.padLeft,
    line_rows: lineRows,
    lines,
    held: held ? 1 : 0,
    stream_bytes: stream.length / (channels / 4),
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  return {
    calls: [
      call(
        'whittle_depthwise_conv_2d_s8_mve',
        params,
        input(0),
        weights('weights', stream),
        outputWidth > 1 ? tiles(plan, 2, shared, scaling) : { kind: 'null' },
        alone ? tiles(plan, 1, shared, scaling) : { kind: 'null' },
        scratch,
        output(0),
      ),
      ...mveClampCalls(plan.clamp, node),
    ],
    scratchBytes: 16 * lineRows + (held ? allLines : 16 * lineRows * lines),
    inPlace: held ? [{ input: 0, output: 0 }] : [],
  };
}

function covers(plan: DepthwisePlan): boolean {
  return (
    plan.depthMultiplier === 1 &&
    plan.outputChannels % 4 === 0 &&
    plan.kernelHeight <= 4 &&
    plan.kernelWidth <= 4 &&
    (plan.dilationHeight === 1 || plan.kernelHeight === 1) &&
    (plan.dilationWidth === 1 || plan.kernelWidth === 1) &&
    plan.strideHeight <= 4 &&
    plan.outputHeight >= 4 &&
    plan.outputWidth * plan.outputChannels <= MAX_PAIR_ROW
  );
}

/** The instance of the tile loop for one or two columns. */
function tiles(
  plan: DepthwisePlan,
  columns: 1 | 2,
  shared: boolean,
  { narrow }: LinearScaling,
): KernelArgument {
  const shift = columns === 2 && shared ? plan.strideWidth : 0;
  const stride = plan.strideHeight;
  const kind = columns === 1 ? 'single' : shared ? `pair${shift}` : 'pair';
  const name = `whittle_depthwise_tiles_s8_mve_${kind}${stride > 1 ? `_s${stride}` : ''}${narrow ? '' : '_wide'}`;
  const instance = {
    template: 'whittle_depthwise_tiles_s8_mve.S.inc',
    header: 'whittle_depthwise_tiles_s8_mve.h.inc',
    macros: { COLUMNS: columns, STRIDE: stride, SHIFT: shift, WIDE: narrow ? 0 : 1 },
  };
  return { kind: 'function', kernel: { name, folder: kernelFolder, instance } };
}

/** Constants, then weights of four channels after four. */
function depthwiseStream(filters: readonly Int8Array[], scaling: LinearScaling): Int8Array {
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
