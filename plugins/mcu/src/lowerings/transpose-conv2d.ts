import { tensor, transposeConv2d, unsupported } from '@whittle/core';
import type { ConvAttributes, TransposeConvAttributes } from '@whittle/core';
import { finishChannel, transposeConvPlan } from '@whittle/int8';
import type { TransposeConvPlan } from '@whittle/int8';
import { table } from '@whittle/kernel-api';
import type {
  KernelArgument,
  KernelCall,
  KernelContext,
  KernelLowering,
  KernelNode,
  KernelPlan,
} from '@whittle/kernel-api';
import { copyCall } from './copy.js';
import { phasesOf } from './phases.js';
import type { Phase } from './phases.js';

/**
 * A transposed convolution with strides s is s x s ordinary ones with strides of 1, each of which computes every s-th row
 * and column of the output from its share of the kernel, turned around. `convolution` lowers these, so that targets'
 * variants of it serve here too; what it writes is spread from scratch to its places.
 */
export function lowerTransposeConv2d(
  convolution: KernelLowering<ConvAttributes>,
): KernelLowering<TransposeConvAttributes> {
  return (node, context) => {
    const plan = transposeConvPlan(node);
    const weight = node.constants[1]?.data as Int8Array | undefined;
    if (!weight || (node.inputs[2] && !node.constants[2])) throw unsupported('kernel', transposeConv2d, node);
    const rows = phasesOf(plan.outputHeight, plan.kernelHeight, plan.strideHeight, plan.padTop);
    const columns = phasesOf(plan.outputWidth, plan.kernelWidth, plan.strideWidth, plan.padLeft);
    const parts = rows.flatMap((row) =>
      columns.map((column) => lowerPhase({ node, plan, weight, row, column }, convolution, context)),
    );
    if (parts.length === 1) return parts[0];
    return {
      calls: parts.flatMap(({ calls }) => calls),
      scratchBytes: Math.max(...parts.map(({ scratchBytes = 0 }) => scratchBytes)),
    };
  };
}

interface Part {
  readonly node: KernelNode<TransposeConvAttributes>;
  readonly plan: TransposeConvPlan;
  readonly weight: Int8Array;
  readonly row: Phase;
  readonly column: Phase;
}

function lowerPhase(
  part: Part,
  convolution: KernelLowering<ConvAttributes>,
  context: KernelContext,
): KernelPlan {
  const { plan, row, column } = part;
  if (row.taps.length === 0 || column.taps.length === 0) return { calls: [fill(part)] };
  const lowered = convolution(convolutionNode(part), context);
  const whole = row.count === plan.outputHeight && column.count === plan.outputWidth;
  if (whole) return lowered;
  const bytes = plan.batch * row.count * column.count * plan.outputChannels * elementBytes(part);
  const offset = Math.ceil(bytes / 4) * 4;
  const calls = lowered.calls.map(({ kernel, arguments: args }): KernelCall => ({
    kernel,
    arguments: args.map((argument): KernelArgument => {
      if (argument.kind === 'output') return { kind: 'scratch', offset: 0 };
      if (argument.kind === 'scratch') return { kind: 'scratch', offset: offset + (argument.offset ?? 0) };
      return argument;
    }),
  }));
  const from = { image: row.count * column.count, row: column.count, pixel: 1 };
  return {
    calls: [...calls, spread(part, from, { kind: 'scratch', offset: 0 })],
    scratchBytes: offset + (lowered.scratchBytes ?? 0),
  };
}

/** The ordinary convolution that gives the rows and columns of a phase. */
function convolutionNode({ node, plan, weight, row, column }: Part): KernelNode<ConvAttributes> {
  const [input, whole, ...bias] = node.inputs;
  const [inputs, outputs] = [plan.inputChannels, plan.outputChannels];
  const shape = [row.taps.length, column.taps.length, inputs, outputs];
  const taps = new Int8Array(shape.reduce((a, b) => a * b, 1));
  row.taps.forEach((ky, i) =>
    column.taps.forEach((kx, j) => {
      if (ky === undefined || kx === undefined) return;
      const size = inputs * outputs;
      const from = (ky * plan.kernelWidth + kx) * size;
      taps.set(weight.subarray(from, from + size), (i * column.taps.length + j) * size);
    }),
  );
  const { quantization } = whole;
  const kernel = tensor('int8', shape, taps, quantization);
  const margin = (phase: Phase, size: number) => ({
    before: phase.before,
    after: phase.count - 1 + phase.taps.length - phase.before - size,
  });
  const [vertical, horizontal] = [margin(row, plan.inputHeight), margin(column, plan.inputWidth)];
  return {
    name: node.name,
    attributes: {
      strides: [1, 1],
      dilations: [1, 1],
      groups: 1,
      activation: node.attributes.activation,
      padding: {
        top: vertical.before,
        bottom: vertical.after,
        left: horizontal.before,
        right: horizontal.after,
      },
    },
    inputs: [input, kernel, ...bias],
    outputs: [{ ...node.outputs[0], shape: [plan.batch, row.count, column.count, outputs] }],
    inputIds: node.inputIds,
    outputIds: node.outputIds,
    constants: [node.constants[0], kernel, ...node.constants.slice(2)],
  };
}

/** Outputs that no tap reaches: each channel holds what its bias gives. */
function fill(part: Part): KernelCall {
  const { node, plan } = part;
  const bias = node.constants[2]?.data;
  const values = Array.from({ length: plan.outputChannels }, (_, o) =>
    finishChannel(Number(bias?.[o] ?? 0), o, plan),
  );
  const data = elementBytes(part) === 1 ? Int8Array.from(values) : Int16Array.from(values);
  return spread(part, { image: 0, row: 0, pixel: 0 }, table('unreached', data));
}

function elementBytes({ node }: Part): 1 | 2 {
  return node.outputs[0].dtype === 'int16' ? 2 : 1;
}

/** Copies pixels to their places in the output. `from`: how many pixels lie between neighbours where they are. */
function spread(
  { node, plan, row, column }: Part,
  from: { readonly image: number; readonly row: number; readonly pixel: number },
  source: KernelArgument,
): KernelCall {
  const channels = plan.outputChannels;
  const dim = (size: number, input: number, output: number) => ({
    size,
    input: input * channels,
    output: output * channels,
  });
  const dims = [
    dim(plan.batch, from.image, plan.outputHeight * plan.outputWidth),
    dim(row.count, from.row, row.stride * plan.outputWidth),
    dim(column.count, from.pixel, column.stride),
    { size: channels, input: 1, output: 1 },
  ];
  const outputStart = (row.start * plan.outputWidth + column.start) * channels;
  return copyCall(node, { dims, outputStart }, source);
}
