import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView, NodeView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';
import { maximum, mul } from './elementwise.js';
import { rsqrt, square } from './math.js';
import { reduceSum } from './reduction.js';

const nothing = z.object({}).strict();
const none = { activation: 'none' } as const;

/** The type of an input whose vectors, along the last axis, are no batch. @throws SHAPE_MISMATCH */
function inferVectors(n: InferView<unknown>): ValueType[] {
  const { dtype, shape } = n.inputs[0];
  expectShape(shape.length >= 2, n, () => `input must have rank 2 or more, found ${formatShape(shape)}`);
  return [{ dtype, shape }];
}

const costOf = (flops: number) => (n: NodeView<unknown>) => ({
  macs: 0,
  flops: 0,
  activationFlops: flops * sizeOf(concrete(n.outputs[0].shape)),
});

/** The last axis is normalized as a whole: its channels are not free to go. */
const outerTies = (n: NodeView<unknown>) => ({ ties: elementwiseTies(n).slice(0, -1) });

function mapVectors(
  input: Tensor,
  map: (vector: Float32Array) => (x: number, index: number) => number,
): Tensor[] {
  const size = input.shape[input.shape.length - 1];
  const data = new Float32Array(input.data.length);
  for (let from = 0; from < data.length; from += size) {
    const vector = (input.data as Float32Array).subarray(from, from + size);
    const element = map(vector);
    vector.forEach((x, i) => (data[from + i] = element(x, i)));
  }
  return [float32(input.shape, data)];
}

/** Vectors along the last axis brought to length 1: x / sqrt(max(sum of squares, 1e-12)). */
export const l2Normalize = defineOp<z.infer<typeof nothing>>({
  name: 'l2_normalize',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: nothing,
  infer: inferVectors,
  cost: costOf(3),
  channels: outerTies,
  evaluate: (_, [input]) =>
    mapVectors(input, (vector) => {
      let sum = 0;
      for (const x of vector) sum += x * x;
      return (x) => x / Math.sqrt(Math.max(sum, 1e-12));
    }),
  decompose(n, addNode, constant) {
    const [x] = n.inputIds;
    const last = n.inputs[0].shape.length - 1;
    const sum = addNode(reduceSum, { axes: [last], keepDims: true }, addNode(square, {}, [x]));
    const [least] = addNode(maximum, none, [...sum, constant(1e-12, 'least')]);
    return addNode(mul, none, [x, ...addNode(rsqrt, {}, [least])]);
  },
});

/** The logarithm of the softmax over the last axis. */
export const logSoftmax = defineOp<z.infer<typeof nothing>>({
  name: 'log_softmax',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: nothing,
  infer: inferVectors,
  cost: costOf(4),
  channels: outerTies,
  evaluate: (_, [input]) =>
    mapVectors(input, (vector) => {
      let max = -Infinity;
      for (const x of vector) max = Math.max(max, x);
      let sum = 0;
      for (const x of vector) sum += Math.exp(x - max);
      return (x) => x - max - Math.log(sum);
    }),
});

export const localResponseNormAttributes = z
  .object({
    radius: z.number().int().nonnegative(),
    bias: z.number(),
    alpha: z.number(),
    beta: z.number(),
  })
  .strict();
export type LocalResponseNormAttributes = z.infer<typeof localResponseNormAttributes>;

/**
 * x / (bias + alpha * sum of squares)^beta, the sum going over the channels of [N, H, W, C] that are no farther than the
 * radius (Krizhevsky et al. 2012). Alpha isn't divided by the number of channels.
 */
export const localResponseNorm = defineOp<LocalResponseNormAttributes>({
  name: 'local_response_norm',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: localResponseNormAttributes,
  infer(n): ValueType[] {
    expectRank(n, 0, 4, 'input');
    return [{ dtype: n.inputs[0].dtype, shape: n.inputs[0].shape }];
  },
  cost: (n) => costOf(2 * n.attributes.radius + 5)(n),
  channels: outerTies,
  evaluate: (n, [input]) =>
    mapVectors(input, (vector) => {
      const { radius, bias, alpha, beta } = n.attributes;
      return (x, channel) => {
        let sum = 0;
        for (const near of vector.subarray(Math.max(0, channel - radius), channel + radius + 1))
          sum += near * near;
        return x / (bias + alpha * sum) ** beta;
      };
    }),
});

export const vectorNormalizationOps = [l2Normalize, logSoftmax, localResponseNorm] as const;
