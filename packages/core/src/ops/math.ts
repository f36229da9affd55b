import { z } from 'zod';
import type { AddNode, NodeView } from '../op.js';
import { abs } from './activation.js';
import { add, div, mul, sub } from './elementwise.js';
import { defineUnary } from './unary.js';

const nothing = z.object({}).strict();
const none = { activation: 'none' } as const;

export const exp = defineUnary('exp', nothing, 1, Math.exp);
export const log = defineUnary('log', nothing, 1, Math.log);
export const sqrt = defineUnary('sqrt', nothing, 1, Math.sqrt);
/** 1 / sqrt(x). */
export const rsqrt = defineUnary('rsqrt', nothing, 2, (x) => 1 / Math.sqrt(x));
export const neg = defineUnary(
  'neg',
  nothing,
  1,
  (x) => -x,
  (n, addNode, constant) => addNode(mul, none, [n.inputIds[0], constant(-1, 'minus_one')]),
);
export const square = defineUnary(
  'square',
  nothing,
  1,
  (x) => x * x,
  (n, addNode) => addNode(mul, none, [n.inputIds[0], n.inputIds[0]]),
);
/** -1, 0 or 1. */
export const sign = defineUnary('sign', nothing, 1, Math.sign);
export const floor = defineUnary('floor', nothing, 1, Math.floor);
export const ceil = defineUnary('ceil', nothing, 1, Math.ceil);
/** The nearest integer, the even one where two are as near. */
export const round = defineUnary('round', nothing, 1, roundHalfToEven);
export const sin = defineUnary('sin', nothing, 1, Math.sin);
export const cos = defineUnary('cos', nothing, 1, Math.cos);
/** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = defineUnary('erf', nothing, 1, erfOf, (n, addNode, constant) => {
  // Abramowitz and Stegun, 7.1.26: within 1.5e-7.
  const steps = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const [x] = n.inputIds;
  const one = constant(1, 'one');
  const [size] = addNode(abs, {}, [x]);
  const [scaled] = addNode(mul, none, [size, constant(0.3275911, 'p')]);
  const [t] = addNode(div, none, [one, ...addNode(add, none, [scaled, one])]);
  let [polynomial] = addNode(mul, none, [t, constant(steps[0], 'a5')]);
  steps.slice(1).forEach((a, i) => {
    const [sum] = addNode(add, none, [polynomial, constant(a, `a${4 - i}`)]);
    [polynomial] = addNode(mul, none, [sum, t]);
  });
  const [tail] = addNode(mul, none, [polynomial, ...bell(n, addNode)]);
  const [magnitude] = addNode(sub, none, [one, tail]);
  return addNode(mul, none, [magnitude, ...addNode(sign, {}, [x])]);
});

/** exp(-x^2). */
function bell(n: NodeView<object>, addNode: AddNode) {
  return addNode(exp, {}, addNode(neg, {}, addNode(square, {}, [n.inputIds[0]])));
}

export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const half = x - below === 0.5;
  return half ? 2 * Math.round(below / 2) : Math.round(x);
}

/** In double precision: Abramowitz and Stegun, 7.1.6, a series of terms of one sign. */
export function erfOf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const mathOps = [exp, log, sqrt, rsqrt, neg, square, sign, floor, ceil, round, sin, cos, erf] as const;
