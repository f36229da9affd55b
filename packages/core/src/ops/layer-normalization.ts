import { z } from 'zod';
import type { Dim, ValueType } from '../model.js';
import { formatShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import type { InferView, Span } from '../op.js';
import { float32 } from '../tensor.js';
import { add, mul } from './elementwise.js';
import { addStandardized, scaled, standardize, standardizeCost } from './standardize.js';

const none = { activation: 'none' } as const;

export const layerNormAttributes = z
  .object({ axis: z.number().int().positive(), epsilon: z.number().positive() })
  .strict();
export type LayerNormAttributes = z.infer<typeof layerNormAttributes>;

/**
 * Normalizes over `axis` and all axes behind it (Ba et al. 2016): scale (x - mean) / sqrt(variance + epsilon) + offset.
 * Operands: input; scale and offset, of the shape of the axes that are normalized.
 */
export const layerNorm = defineOp<LayerNormAttributes>({
  name: 'layer_norm',
  version: 1,
  operands: [{ name: 'input' }, { name: 'scale' }, { name: 'offset' }],
  attributes: layerNormAttributes,
  infer(n): ValueType[] {
    const { dtype, shape } = n.inputs[0];
    const { axis } = n.attributes;
    expectShape(axis < shape.length, n, () => `axis ${axis} is beyond shape ${formatShape(shape)}`);
    const inner = formatShape(shape.slice(axis));
    for (const i of [1, 2]) {
      const found = formatShape(n.inputs[i].shape);
      expectShape(found === inner, n, () => `operand ${i} must have shape ${inner}, found ${found}`);
    }
    return [{ dtype, shape }];
  },
  cost: standardizeCost,
  // What is normalized together is pinned.
  channels(n) {
    const outer = n.inputs[0].shape.slice(0, n.attributes.axis);
    const spans = (dim: Dim, axis: number) =>
      [n.inputIds[0], n.outputIds[0]].map((value): Span => ({
        value,
        axis,
        count: dim === 'batch' ? 1 : dim,
      }));
    return { ties: outer.map(spans) };
  },
  evaluate(n, [input, scale, offset]) {
    const standardized = standardize(input, behind(n, input.shape), n.attributes.epsilon);
    return [float32(input.shape, scaled(standardized, scale, offset))];
  },
  decompose(n, addNode, constant) {
    const [x, scale, offset] = n.inputIds;
    const axes = behind(n, n.inputs[0].shape);
    const product = addStandardized(x, axes, n.attributes.epsilon, addNode, constant);
    const [scaledUp] = addNode(mul, none, [...addNode(mul, none, product), scale]);
    return addNode(add, none, [scaledUp, offset]);
  },
});

function behind(n: InferView<LayerNormAttributes>, shape: readonly Dim[]): [number, ...number[]] {
  const { axis } = n.attributes;
  return [axis, ...Array.from({ length: shape.length - axis - 1 }, (_, i) => axis + 1 + i)];
}
