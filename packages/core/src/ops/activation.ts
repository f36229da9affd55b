import { z } from 'zod';
import { defineOp } from '../op.js';
import type { NodeView, OpDefinition } from '../op.js';
import { float32 } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';
import { mul } from './elementwise.js';
import { sameRows } from './window.js';
import { concrete } from '../model.js';
import { sizeOf } from '../tensor.js';

/** A unary op's real function, to evaluate it, and to tabulate it for int8. */
export type UnaryFunction<A> = (x: number, attributes: A) => number;

/** An element-wise op of one operand, with its real function at hand. */
export interface UnaryOp<A = object> extends OpDefinition<A> {
  readonly apply: UnaryFunction<A>;
}

/** Whether an op is element-wise with one operand. */
export function isUnaryOp(op: OpDefinition): op is UnaryOp {
  return 'apply' in op;
}

/** Defines an element-wise activation. `flops`: arithmetic operations per element, a transcendental function counting 1. */
export function defineUnary<A extends object>(
  name: string,
  attributes: z.ZodType<A>,
  flops: number,
  apply: UnaryFunction<A>,
): UnaryOp<A> {
  const definition = defineOp<A>({
    name,
    version: 1,
    operands: [{ name: 'input' }],
    attributes,
    infer: (n) => [{ dtype: n.inputs[0].dtype, shape: n.inputs[0].shape }],
    cost: (n) => ({ macs: 0, flops: 0, activationFlops: flops * elements(n) }),
    rows: sameRows,
    channels: (n) => ({ ties: elementwiseTies(n) }),
    evaluate: (n, [input]) => [mapTensor(input, (x) => apply(x, n.attributes))],
  });
  return { ...definition, apply };
}

function elements(n: NodeView<unknown>): number {
  return sizeOf(concrete(n.outputs[0].shape));
}

function mapTensor(input: Tensor, apply: (x: number) => number): Tensor {
  const data = new Float32Array(input.data.length);
  for (let i = 0; i < data.length; i++) data[i] = apply(Number(input.data[i]));
  return float32(input.shape, data);
}

const nothing = z.object({}).strict();
const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

export const relu = defineUnary('relu', nothing, 1, (x) => (x > 0 ? x : 0));
export const relu6 = defineUnary('relu6', nothing, 2, (x) => clamp(x, 0, 6));
/** max(x, alpha x), alpha below 1 (Maas et al. 2013). */
export const leakyRelu = defineUnary(
  'leaky_relu',
  z.object({ alpha: z.number().max(1) }).strict(),
  2,
  (x, { alpha }) => (x >= 0 ? x : alpha * x),
);
/** x, or exp(x) - 1 below 0 (Clevert et al. 2015, alpha 1). */
export const elu = defineUnary('elu', nothing, 2, (x) => (x >= 0 ? x : Math.expm1(x)));
export const sigmoid = defineUnary('sigmoid', nothing, 3, sigmoidOf);
export const tanh = defineUnary('tanh', nothing, 1, Math.tanh);
/** x sigmoid(x), also called SiLU (Ramachandran et al. 2017). */
export const swish: UnaryOp<z.infer<typeof nothing>> = {
  ...defineUnary('swish', nothing, 4, (x) => x * sigmoidOf(x)),
  decompose(n, addNode) {
    const [x] = n.inputIds;
    return addNode(mul, { activation: 'none' }, [x, ...addNode(sigmoid, {}, [x])]);
  },
};
/** x relu6(x + 3) / 6 (MobileNetV3, Howard et al. 2019, section 5.2). */
export const hardSwish = defineUnary('hard_swish', nothing, 5, (x) => (x * clamp(x + 3, 0, 6)) / 6);

export const abs = defineUnary('abs', nothing, 1, Math.abs);

export const activationOps = [relu, relu6, leakyRelu, elu, sigmoid, tanh, swish, hardSwish, abs] as const;
