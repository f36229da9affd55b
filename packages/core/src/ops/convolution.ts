import { z } from 'zod';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView, NodeView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';
import { fixed, imageOf, padding, pair, windowGeometry, windowRows } from './window.js';
import type { WindowGeometry } from './window.js';

const operands = [{ name: 'input' }, { name: 'weight' }, { name: 'bias', optional: true }] as const;

export const convAttributes = z
  .object({
    strides: pair,
    padding,
    dilations: pair,
    activation: fusedActivation,
    groups: z.number().int().positive(),
  })
  .strict();
export type ConvAttributes = z.infer<typeof convAttributes>;

export const depthwiseAttributes = convAttributes.omit({ groups: true });
export type DepthwiseAttributes = z.infer<typeof depthwiseAttributes>;

/** Where the windows of a convolution lie; the weight's first two axes are the kernel. */
export function convGeometry(n: InferView<DepthwiseAttributes>): WindowGeometry {
  const [height, width] = n.inputs[1].shape;
  return windowGeometry(n, n.attributes, imageOf(n), [fixed(n, height, 'kernel'), fixed(n, width, 'kernel')]);
}

function checkBias(n: InferView<unknown>, outputs: number): void {
  if (n.inputs.length < 3) return;
  const { shape } = n.inputs[2];
  expectShape(
    shape.length === 1 && shape[0] === outputs,
    n,
    () => `bias must have shape [${outputs}], found ${formatShape(shape)}`,
  );
}

function outputFlops(n: NodeView<DepthwiseAttributes>): { bias: number; activation: number } {
  const size = sizeOf(concrete(n.outputs[0].shape));
  return { bias: n.inputs.length > 2 ? size : 0, activation: size * clampFlops(n.attributes.activation) };
}

/** 2-D convolution: input [N, H, W, I], weight [kh, kw, I / groups, O], bias [O]; output [N, H', W', O]. */
export const conv2d = defineOp<ConvAttributes>({
  name: 'conv2d',
  version: 1,
  operands,
  attributes: convAttributes,
  linear: { outputAxes: [3] },
  infer(n) {
    expectRank(n, 0, 4, 'input');
    expectRank(n, 1, 4, 'weight');
    const channels = fixed(n, n.inputs[0].shape[3], 'input channels');
    const [, , perGroup, outputs] = concrete(n.inputs[1].shape);
    const { groups } = n.attributes;
    expectShape(
      perGroup * groups === channels,
      n,
      () =>
        `weight ${formatShape(n.inputs[1].shape)} in ${groups} group(s) needs ${perGroup * groups} input channels, found ${channels}`,
    );
    expectShape(
      outputs % groups === 0,
      n,
      () => `${outputs} output channels don't divide into ${groups} groups`,
    );
    checkBias(n, outputs);
    const { outHeight, outWidth } = convGeometry(n);
    return [{ dtype: n.inputs[0].dtype, shape: [n.inputs[0].shape[0], outHeight, outWidth, outputs] }];
  },
  cost(n) {
    const [kh, kw, perGroup] = concrete(n.inputs[1].shape);
    const macs = sizeOf(concrete(n.outputs[0].shape)) * kh * kw * perGroup;
    const { bias, activation } = outputFlops(n);
    return { macs, flops: 2 * macs + bias, activationFlops: activation };
  },
  rows: (n) => windowRows(n.attributes, convGeometry(n), concrete(n.inputs[1].shape)[0]),
  channels(n) {
    const { groups } = n.attributes;
    const [, , perGroup, outputs] = concrete(n.inputs[1].shape);
    const outgoing = [
      { value: n.inputIds[1], axis: 3, count: outputs },
      { value: n.outputIds[0], axis: 3, count: outputs },
      ...(n.inputIds.length > 2 ? [{ value: n.inputIds[2], axis: 0, count: outputs }] : []),
    ];
    const input = { value: n.inputIds[0], axis: 3, count: perGroup * groups };
    if (groups === 1)
      return { ties: [[input, { value: n.inputIds[1], axis: 2, count: perGroup }], outgoing] };
    // The i-th input channels of all groups share one slice of the weight.
    const incoming = Array.from({ length: groups }, (_, g) => ({
      value: n.inputIds[0],
      axis: 3,
      start: g * perGroup,
      count: perGroup,
    }));
    return {
      ties: [[...incoming, { value: n.inputIds[1], axis: 2, count: perGroup }], outgoing],
      balance: [{ span: outgoing[1], blocks: groups }],
    };
  },
  evaluate(n, operands) {
    const [input, weight] = operands;
    return [convolve(n, operands, weight.shape[3], channelTaps(n.attributes, input, weight))];
  },
});

/** Adds what one tap contributes: `pixel` is where its pixel begins in the input, `tap` counts taps row by row. */
type AddTap = (sums: Float64Array, pixel: number, tap: number) => void;

/** Sums taps over every window, in double precision, then adds the bias and clamps. */
function convolve(
  n: InferView<DepthwiseAttributes>,
  [input, weight, bias]: readonly Tensor[],
  outputs: number,
  addTap: AddTap,
): Tensor {
  const { strides, dilations, activation } = n.attributes;
  const [batch, height, width, channels] = input.shape;
  const [kh, kw] = weight.shape;
  const g = convGeometry({ ...n, inputs: [input, weight] });
  const result = new Float32Array(batch * g.outHeight * g.outWidth * outputs);
  const sums = new Float64Array(outputs);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < g.outHeight; oy++)
      for (let ox = 0; ox < g.outWidth; ox++, at += outputs) {
        sums.fill(0);
        for (let ky = 0; ky < kh; ky++) {
          const iy = oy * strides[0] - g.top + ky * dilations[0];
          if (iy < 0 || iy >= height) continue;
          for (let kx = 0; kx < kw; kx++) {
            const ix = ox * strides[1] - g.left + kx * dilations[1];
            if (ix < 0 || ix >= width) continue;
            addTap(sums, ((b * height + iy) * width + ix) * channels, ky * kw + kx);
          }
        }
        for (let o = 0; o < outputs; o++) result[at + o] = sums[o] + (bias ? Number(bias.data[o]) : 0);
      }
  return float32([batch, g.outHeight, g.outWidth, outputs], clampInPlace(result, activation));
}

function channelTaps({ groups }: ConvAttributes, input: Tensor, weight: Tensor): AddTap {
  const x = input.data as Float32Array;
  const [, , perGroup, outputs] = weight.shape;
  const perOut = outputs / groups;
  const w = weight.data as Float32Array;
  return (sums, pixel, tap) => {
    for (let group = 0; group < groups; group++)
      for (let i = 0; i < perGroup; i++) {
        const value = x[pixel + group * perGroup + i];
        if (value === 0) continue;
        const row = (tap * perGroup + i) * outputs;
        for (let o = group * perOut; o < (group + 1) * perOut; o++) sums[o] += value * w[row + o];
      }
  };
}

/**
 * Depthwise 2-D convolution: input [N, H, W, C], weight [kh, kw, C, M], bias [C * M]; output [N, H', W', C * M].
 * Output channel c * M + m reads input channel c.
 */
export const depthwiseConv2d = defineOp<DepthwiseAttributes>({
  name: 'depthwise_conv2d',
  version: 1,
  operands,
  attributes: depthwiseAttributes,
  linear: { outputAxes: [2, 3] },
  infer(n) {
    expectRank(n, 0, 4, 'input');
    expectRank(n, 1, 4, 'weight');
    const [, , channels, multiplier] = concrete(n.inputs[1].shape);
    expectShape(
      channels === n.inputs[0].shape[3],
      n,
      () =>
        `weight ${formatShape(n.inputs[1].shape)} needs ${channels} input channels, found ${n.inputs[0].shape[3]}`,
    );
    checkBias(n, channels * multiplier);
    const { outHeight, outWidth } = convGeometry(n);
    return [
      { dtype: n.inputs[0].dtype, shape: [n.inputs[0].shape[0], outHeight, outWidth, channels * multiplier] },
    ];
  },
  cost(n) {
    const [kh, kw] = concrete(n.inputs[1].shape);
    const macs = sizeOf(concrete(n.outputs[0].shape)) * kh * kw;
    const { bias, activation } = outputFlops(n);
    return { macs, flops: 2 * macs + bias, activationFlops: activation };
  },
  rows: (n) => windowRows(n.attributes, convGeometry(n), concrete(n.inputs[1].shape)[0]),
  channels(n) {
    const [, , count, each] = concrete(n.inputs[1].shape);
    const tie = [
      { value: n.inputIds[0], axis: 3, count },
      { value: n.inputIds[1], axis: 2, count },
      { value: n.outputIds[0], axis: 3, count, each },
      ...(n.inputIds.length > 2 ? [{ value: n.inputIds[2], axis: 0, count, each }] : []),
    ];
    return { ties: [tie] };
  },
  evaluate(n, operands) {
    const [input, weight] = operands;
    return [convolve(n, operands, weight.shape[2] * weight.shape[3], depthwiseTaps(input, weight))];
  },
});

function depthwiseTaps(input: Tensor, weight: Tensor): AddTap {
  const x = input.data as Float32Array;
  const [, , channels, multiplier] = weight.shape;
  const outputs = channels * multiplier;
  const w = weight.data as Float32Array;
  return (sums, pixel, tap) => {
    for (let o = 0; o < outputs; o++) sums[o] += x[pixel + Math.floor(o / multiplier)] * w[tap * outputs + o];
  };
}
