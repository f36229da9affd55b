import { z } from 'zod';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Span } from '../op.js';
import { elementwiseTies } from './broadcast.js';

export const batchNormAttributes = z.object({ epsilon: z.number().positive() }).strict();
export type BatchNormAttributes = z.infer<typeof batchNormAttributes>;

/**
 * Batch normalization over the last axis (Ioffe and Szegedy 2015): scale (x - mean) / sqrt(variance + epsilon) + offset.
 * Operands: input [..., C]; scale (gamma), offset (beta), mean and variance [C].
 */
export const batchNorm = defineOp<BatchNormAttributes>({
  name: 'batch_norm',
  version: 1,
  operands: [
    { name: 'input' },
    { name: 'scale' },
    { name: 'offset' },
    { name: 'mean' },
    { name: 'variance' },
  ],
  attributes: batchNormAttributes,
  infer(n) {
    const { dtype, shape } = n.inputs[0];
    const channels = shape[shape.length - 1];
    for (let i = 1; i <= 4; i++) {
      const found = n.inputs[i].shape;
      expectShape(
        found.length === 1 && found[0] === channels,
        n,
        () => `operand ${i} must have shape [${channels}], found ${formatShape(found)}`,
      );
    }
    return [{ dtype, shape }];
  },
  cost(n) {
    const size = sizeOf(concrete(n.outputs[0].shape));
    return { macs: 0, flops: 2 * size, activationFlops: 0 };
  },
  channels(n) {
    const ties = elementwiseTies({ ...n, inputs: n.inputs.slice(0, 1) });
    const last = ties.length - 1;
    const count = concrete(n.outputs[0].shape)[last];
    const parameters: Span[] = n.inputIds.slice(1).map((value) => ({ value, axis: 0, count }));
    return { ties: [...ties.slice(0, last), [...ties[last], ...parameters]] };
  },
  evaluate(n, [input, scale, offset, mean, variance]) {
    const channels = scale.data.length;
    const { factor, shift } = batchNormAffine(
      n.attributes.epsilon,
      [scale, offset, mean, variance].map((t) => t.data as Float32Array),
    );
    const data = new Float32Array(input.data.length);
    for (let i = 0; i < data.length; i++)
      data[i] = Number(input.data[i]) * factor[i % channels] + shift[i % channels];
    return [float32(input.shape, data)];
  },
});

/** Batch normalization as x * factor + shift, per channel, in double precision. Operands: scale, offset, mean, variance. */
export function batchNormAffine(epsilon: number, [scale, offset, mean, variance]: readonly Float32Array[]) {
  const factor = Float64Array.from(scale, (gamma, c) => gamma / Math.sqrt(variance[c] + epsilon));
  const shift = factor.map((f, c) => offset[c] - mean[c] * f);
  return { factor, shift };
}

/** exp(beta x) normalized to sum 1 over the last axis. */
export const softmax = defineOp({
  name: 'softmax',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({ beta: z.number().positive() }).strict(),
  infer: (n) => [{ dtype: n.inputs[0].dtype, shape: n.inputs[0].shape }],
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: 4 * sizeOf(concrete(n.outputs[0].shape)) }),
  // The last axis is normalized as a whole: its channels are not free to go.
  channels: (n) => ({ ties: elementwiseTies(n).slice(0, -1) }),
  evaluate(n, [input]) {
    const classes = input.shape[input.shape.length - 1];
    const x = input.data as Float32Array;
    const data = new Float32Array(x.length);
    for (let row = 0; row < x.length; row += classes) {
      let max = -Infinity;
      for (let c = 0; c < classes; c++) max = Math.max(max, x[row + c]);
      let sum = 0;
      for (let c = 0; c < classes; c++)
        sum += data[row + c] = Math.exp(n.attributes.beta * (x[row + c] - max));
      for (let c = 0; c < classes; c++) data[row + c] /= sum;
    }
    return [float32(input.shape, data)];
  },
});
