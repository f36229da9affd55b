import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, NodeView, Span } from '../op.js';
import { float32 } from '../tensor.js';
import { add, mul } from './elementwise.js';
import { reshape } from './shape.js';
import { addStandardized, elementsOf, standardizeCost, scaled, standardize } from './standardize.js';

const none = { activation: 'none' } as const;
const operands = [{ name: 'input' }, { name: 'scale' }, { name: 'offset' }];

/** The type of an input [N, ..., C] with at least one axis between. @throws SHAPE_MISMATCH unless scale and offset are [C] */
function inferImage(n: InferView<unknown>): ValueType {
  const { dtype, shape } = n.inputs[0];
  expectShape(shape.length >= 3, n, () => `input must have rank 3 or more, found ${formatShape(shape)}`);
  for (const i of [1, 2]) {
    const found = n.inputs[i].shape;
    expectShape(
      found.length === 1 && found[0] === shape[shape.length - 1],
      n,
      () => `operand ${i} must have shape [${shape[shape.length - 1]}], found ${formatShape(found)}`,
    );
  }
  return { dtype, shape };
}

function batchTie(n: NodeView<unknown>): Span[] {
  return [n.inputIds[0], n.outputIds[0]].map((value) => ({ value, axis: 0, count: 1 }));
}

export const instanceNormAttributes = z.object({ epsilon: z.number().positive() }).strict();
export type InstanceNormAttributes = z.infer<typeof instanceNormAttributes>;

/**
 * Normalizes each channel of each example over all positions (Ulyanov et al. 2016): scale (x - mean) / sqrt(variance +
 * epsilon) + offset. Operands: input [N, ..., C]; scale and offset [C].
 */
export const instanceNorm = defineOp<InstanceNormAttributes>({
  name: 'instance_norm',
  version: 1,
  operands,
  attributes: instanceNormAttributes,
  infer: (n) => [inferImage(n)],
  cost: standardizeCost,
  channels(n) {
    const axis = n.inputs[0].shape.length - 1;
    const count = Number(n.inputs[0].shape[axis]);
    const image = [n.inputIds[0], n.outputIds[0]].map((value): Span => ({ value, axis, count }));
    const parameters = n.inputIds.slice(1).map((value): Span => ({ value, axis: 0, count }));
    return { ties: [batchTie(n), [...image, ...parameters]] };
  },
  evaluate(n, [input, scale, offset]) {
    const standardized = standardize(input, between(input.shape), n.attributes.epsilon);
    return [float32(input.shape, scaled(standardized, scale, offset))];
  },
  decompose(n, addNode, constant) {
    const [x, scale, offset] = n.inputIds;
    const axes = between(n.inputs[0].shape);
    const [deviation, inverse] = addStandardized(x, axes, n.attributes.epsilon, addNode, constant);
    const [factor] = addNode(mul, none, [inverse, scale]);
    return addNode(add, none, [...addNode(mul, none, [deviation, factor]), offset]);
  },
});

/** The axes between the first and the last. */
function between(shape: readonly Dim[]): [number, ...number[]] {
  return [1, ...Array.from({ length: shape.length - 3 }, (_, i) => i + 2)];
}

export const groupNormAttributes = z
  .object({ groups: z.number().int().positive(), epsilon: z.number().positive() })
  .strict();
export type GroupNormAttributes = z.infer<typeof groupNormAttributes>;

/**
 * Normalizes groups of neighbouring channels of each example over all positions (Wu and He 2018). Operands: input
 * [N, ..., C], whose channels divide into the groups; scale and offset [C].
 */
export const groupNorm = defineOp<GroupNormAttributes>({
  name: 'group_norm',
  version: 1,
  operands,
  attributes: groupNormAttributes,
  infer(n): ValueType[] {
    const type = inferImage(n);
    const channels = Number(type.shape[type.shape.length - 1]);
    const { groups } = n.attributes;
    expectShape(channels % groups === 0, n, () => `${channels} channels don't divide into ${groups} groups`);
    return [type];
  },
  cost: standardizeCost,
  channels: (n) => ({ ties: [batchTie(n)] }),
  evaluate(n, [input, scale, offset]) {
    const grouped = float32(groupedShape(n, input.shape) as number[], input.data as Float32Array);
    const standardized = standardize(grouped, [1, 3], n.attributes.epsilon);
    return [float32(input.shape, scaled(standardized, scale, offset))];
  },
  decompose(n, addNode, constant) {
    const [x, scale, offset] = n.inputIds;
    const { shape } = n.inputs[0];
    const [grouped] = addNode(reshape, { shape: groupedShape(n, shape) }, [x]);
    const product = addStandardized(grouped, [1, 3], n.attributes.epsilon, addNode, constant);
    const [image] = addNode(reshape, { shape: [...shape] }, addNode(mul, none, product));
    return addNode(add, none, [...addNode(mul, none, [image, scale]), offset]);
  },
});

/** [N, positions, groups, channels of a group]. */
function groupedShape(n: InferView<GroupNormAttributes>, shape: readonly Dim[]): Dim[] {
  const { groups } = n.attributes;
  const channels = Number(shape[shape.length - 1]);
  return [shape[0], elementsOf({ shape: shape.slice(1, -1) }), groups, channels / groups];
}
