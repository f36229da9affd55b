import { z } from 'zod';
import { elu, leakyRelu, relu, abs, tanh } from './activation.js';
import { add, div, mul } from './elementwise.js';
import { erf, erfOf, exp, log, neg } from './math.js';
import { prelu } from './prelu.js';
import { defineUnary } from './unary.js';

const nothing = z.object({}).strict();
const none = { activation: 'none' } as const;
const positive = z.number().positive();
const expm1 = (x: number) => Math.expm1(x);
const softplusOf = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const geluAttributes = z.object({ approximate: z.boolean() }).strict();
export type GeluAttributes = z.infer<typeof geluAttributes>;

const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/**
 * x times the normal distribution's cumulative function: x (1 + erf(x / sqrt 2)) / 2; `approximate`: by way of tanh,
 * x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (Hendrycks and Gimpel 2016).
 */
export const gelu = defineUnary<GeluAttributes>(
  'gelu',
  geluAttributes,
  5,
  (x, { approximate }) =>
    (x * (1 + (approximate ? Math.tanh(slope * (x + cubic * x ** 3)) : erfOf(x / Math.SQRT2)))) / 2,
  (n, addNode, constant) => {
    const [x] = n.inputIds;
    const half = constant(0.5, 'half');
    let gate: readonly string[];
    if (n.attributes.approximate) {
      const [squared] = addNode(mul, none, [x, x]);
      const [curved] = addNode(mul, none, [squared, constant(slope * cubic, 'cubic')]);
      const [steep] = addNode(add, none, [curved, constant(slope, 'slope')]);
      gate = addNode(tanh, {}, addNode(mul, none, [x, steep]));
    } else gate = addNode(erf, {}, addNode(mul, none, [x, constant(Math.SQRT1_2, 'scale')]));
    const [share] = addNode(add, none, [...addNode(mul, none, [...gate, half]), half]);
    return addNode(mul, none, [x, share]);
  },
);

/** log(1 + exp(x)). */
export const softplus = defineUnary('softplus', nothing, 3, softplusOf, (n, addNode, constant) => {
  const [x] = n.inputIds;
  const [small] = addNode(exp, {}, addNode(neg, {}, addNode(abs, {}, [x])));
  const rest = addNode(log, {}, addNode(add, none, [small, constant(1, 'one')]));
  return addNode(add, none, [...addNode(relu, {}, [x]), ...rest]);
});

/** x / (1 + |x|). */
export const softsign = defineUnary(
  'softsign',
  nothing,
  3,
  (x) => x / (1 + Math.abs(x)),
  (n, addNode, constant) => {
    const [x] = n.inputIds;
    const [size] = addNode(abs, {}, [x]);
    return addNode(div, none, [x, ...addNode(add, none, [size, constant(1, 'one')])]);
  },
);

/** x tanh(softplus(x)) (Misra 2019). */
export const mish = defineUnary(
  'mish',
  nothing,
  5,
  (x) => x * Math.tanh(softplusOf(x)),
  (n, addNode) => {
    const [x] = n.inputIds;
    return addNode(mul, none, [x, ...addNode(tanh, {}, addNode(softplus, {}, [x]))]);
  },
);

export const scaledEluAttributes = z.object({ alpha: positive, scale: positive }).strict();
export type ScaledEluAttributes = z.infer<typeof scaledEluAttributes>;

/** With these, `scaledElu` is SELU (Klambauer et al. 2017). */
export const SELU: ScaledEluAttributes = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/** scale x, or scale alpha (exp(x) - 1) below 0: ELU of any alpha where the scale is 1, and SELU. */
export const scaledElu = defineUnary<ScaledEluAttributes>(
  'scaled_elu',
  scaledEluAttributes,
  4,
  (x, { alpha, scale }) => scale * (x >= 0 ? x : alpha * expm1(x)),
  (n, addNode, constant) => {
    const { alpha, scale } = n.attributes;
    // A slope below zero, behind an ELU of alpha 1, which keeps the sign.
    let [y] = addNode(elu, {}, n.inputIds);
    if (alpha < 1) [y] = addNode(leakyRelu, { alpha }, [y]);
    else if (alpha > 1) [y] = addNode(prelu, {}, [y, constant(alpha, 'alpha')]);
    return scale === 1 ? [y] : addNode(mul, none, [y, constant(scale, 'scale')]);
  },
);

export const celuAttributes = z.object({ alpha: positive }).strict();
export type CeluAttributes = z.infer<typeof celuAttributes>;

/** x, or alpha (exp(x / alpha) - 1) below 0 (Barron 2017). */
export const celu = defineUnary<CeluAttributes>(
  'celu',
  celuAttributes,
  4,
  (x, { alpha }) => (x >= 0 ? x : alpha * expm1(x / alpha)),
  (n, addNode, constant) => {
    const { alpha } = n.attributes;
    const narrow = addNode(mul, none, [n.inputIds[0], constant(1 / alpha, 'narrow')]);
    return addNode(mul, none, [...addNode(elu, {}, narrow), constant(alpha, 'alpha')]);
  },
);

export const smoothActivationOps = [gelu, softplus, softsign, mish, scaledElu, celu] as const;
