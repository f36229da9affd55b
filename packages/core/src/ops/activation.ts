import { z } from 'zod';
import type { AddConstant, AddNode, NodeView } from '../op.js';
import { maximum, minimum, mul } from './elementwise.js';
import { defineUnary } from './unary.js';

const nothing = z.object({}).strict();
const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** A clamp as a minimum and a maximum. */
function between(low: number, high: number) {
  return (n: NodeView<object>, add: AddNode, constant: AddConstant) => {
    const none = { activation: 'none' } as const;
    const [below] = add(minimum, none, [n.inputIds[0], constant(high, 'high')]);
    return add(maximum, none, [below, constant(low, 'low')]);
  };
}

export const relu = defineUnary('relu', nothing, 1, (x) => (x > 0 ? x : 0));
export const relu6 = defineUnary('relu6', nothing, 2, (x) => clamp(x, 0, 6));
/** max(min(x, 1), -1), also called hard tanh. */
export const reluN1To1 = defineUnary('relu_n1_to_1', nothing, 2, (x) => clamp(x, -1, 1), between(-1, 1));
/** max(min(x, 1), 0). */
export const relu0To1 = defineUnary('relu_0_to_1', nothing, 2, (x) => clamp(x, 0, 1), between(0, 1));
/** max(x, alpha x), alpha below 1 (Maas et al. 2013). */
export const leakyRelu = defineUnary(
  'leaky_relu',
  z.object({ alpha: z.number().max(1) }).strict(),
  2,
  (x, { alpha }) => (x >= 0 ? x : alpha * x),
);
/** x, or exp(x) - 1 below 0 (Clevert et al. 2015, alpha 1; `scaledElu` has any alpha). */
export const elu = defineUnary('elu', nothing, 2, (x) => (x >= 0 ? x : Math.expm1(x)));
export const sigmoid = defineUnary('sigmoid', nothing, 3, sigmoidOf);
export const tanh = defineUnary('tanh', nothing, 1, Math.tanh);
/** x sigmoid(x), also called SiLU (Ramachandran et al. 2017). */
export const swish = defineUnary(
  'swish',
  nothing,
  4,
  (x) => x * sigmoidOf(x),
  (n, addNode) => {
    const [x] = n.inputIds;
    return addNode(mul, { activation: 'none' }, [x, ...addNode(sigmoid, {}, [x])]);
  },
);
/** x relu6(x + 3) / 6 (MobileNetV3, Howard et al. 2019, section 5.2). */
export const hardSwish = defineUnary('hard_swish', nothing, 5, (x) => (x * clamp(x + 3, 0, 6)) / 6);

export const abs = defineUnary('abs', nothing, 1, Math.abs);

export const activationOps = [
  relu,
  relu6,
  reluN1To1,
  relu0To1,
  leakyRelu,
  elu,
  sigmoid,
  tanh,
  swish,
  hardSwish,
  abs,
] as const;
