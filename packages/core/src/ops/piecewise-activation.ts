import { z } from 'zod';
import { relu } from './activation.js';
import { add, mul, sub } from './elementwise.js';
import { sign } from './math.js';
import { defineUnary } from './unary.js';

const none = { activation: 'none' } as const;

export const hardSigmoidAttributes = z.object({ alpha: z.number(), beta: z.number() }).strict();
export type HardSigmoidAttributes = z.infer<typeof hardSigmoidAttributes>;

/** alpha x + beta, between 0 and 1: relu6(x + 3) / 6 with alpha 1/6 and beta 1/2 (Keras 3); others have alpha 1/5. */
export const hardSigmoid = defineUnary<HardSigmoidAttributes>(
  'hard_sigmoid',
  hardSigmoidAttributes,
  4,
  (x, { alpha, beta }) => Math.min(Math.max(alpha * x + beta, 0), 1),
  (n, addNode, constant) => {
    const { alpha, beta } = n.attributes;
    let [x] = n.inputIds;
    if (6 * alpha !== 1) [x] = addNode(mul, none, [x, constant(6 * alpha, 'alpha')]);
    const clamped = addNode(add, { activation: 'relu6' }, [x, constant(6 * beta, 'beta')]);
    return addNode(mul, none, [...clamped, constant(1 / 6, 'sixth')]);
  },
);

export const thresholdedReluAttributes = z.object({ theta: z.number().nonnegative() }).strict();
export type ThresholdedReluAttributes = z.infer<typeof thresholdedReluAttributes>;

/** x where it is above theta, else 0 (Konda et al. 2014). */
export const thresholdedRelu = defineUnary<ThresholdedReluAttributes>(
  'thresholded_relu',
  thresholdedReluAttributes,
  1,
  (x, { theta }) => (x > theta ? x : 0),
  (n, addNode, constant) => {
    const [x] = n.inputIds;
    const above = addNode(sub, none, [x, constant(n.attributes.theta, 'theta')]);
    return addNode(mul, none, [x, ...addNode(relu, {}, addNode(sign, {}, above))]);
  },
);

export const piecewiseActivationOps = [hardSigmoid, thresholdedRelu] as const;
