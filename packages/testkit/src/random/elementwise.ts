import {
  abs,
  add,
  binaryOps,
  celu,
  div,
  exp,
  erf,
  floorMod,
  gelu,
  hardSigmoid,
  leakyRelu,
  log,
  mathOps,
  activationOps,
  piecewiseActivationOps,
  pow,
  prelu,
  rsqrt,
  scaledElu,
  SELU,
  smoothActivationOps,
  sqrt,
  thresholdedRelu,
} from '@whittle/core';
import type { BinaryOp, OpDefinition } from '@whittle/core';
import type { DrawnValue } from './drawn-value.js';
import { rangeOf } from './drawn-value.js';
import { drawActivation } from './linear.js';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';
import type { OpDraw } from './op-draw.js';

/** Attributes of the unary ops that have any. */
const attributesOf = new Map<OpDefinition, (network: NetworkDraw) => object>([
  [leakyRelu, ({ draw }) => ({ alpha: draw.pick(0.01, 0.2, 0.3, 1) })],
  [hardSigmoid, ({ draw }) => draw.pick({ alpha: 1 / 6, beta: 0.5 }, { alpha: 0.2, beta: 0.5 })],
  [thresholdedRelu, ({ draw }) => ({ theta: draw.pick(0, 0.5, 1) })],
  [gelu, ({ draw }) => ({ approximate: draw.oneIn(2) })],
  [scaledElu, ({ draw }) => draw.pick<object>(SELU, { alpha: 0.5, scale: 1 }, { alpha: 2, scale: 1.5 })],
  [celu, ({ draw }) => ({ alpha: draw.pick(0.5, 1, 2) })],
]);

/** Ops that take positive numbers alone. */
const positiveOnly = new Set<OpDefinition>([log, sqrt, rsqrt]);

/** Every unary op of core, each of its own weight: what networks have often is drawn often. */
export const activationDraws: readonly OpDraw[] = [
  ...activationOps,
  ...smoothActivationOps,
  ...piecewiseActivationOps,
].map(unaryDraw);

export const mathDraws: readonly OpDraw[] = mathOps.map(unaryDraw);

function unaryDraw(op: OpDefinition): OpDraw {
  return opDraw(op, (network) => {
    let x = network.float();
    if (x && positiveOnly.has(op)) x = network.above(0.1, x, abs, add);
    // Beyond these, results leave float32's fine range, or are 1 to the last bit.
    if (!x || (op === exp && rangeOf(x).high > 3) || (op === erf && rangeOf(x).high > 4)) return undefined;
    return network.add(op, attributesOf.get(op)?.(network) ?? {}, [x]);
  });
}

/** A partner for an element-wise op of floats: a value of the same shape, one that broadcasts, or a constant. */
export function partnerOf(network: NetworkDraw, x: DrawnValue): DrawnValue {
  const { draw } = network;
  const same = network.pick(({ dtype, shape }) => dtype === 'float32' && shape.join() === x.shape.join());
  if (same && same !== x && !draw.oneIn(4)) return same;
  const broadcasts = network.pick(
    ({ dtype, shape }) =>
      dtype === 'float32' &&
      shape.length === x.shape.length &&
      shape.every((extent, axis) => extent === 1 || extent === x.shape[axis]),
  );
  if (broadcasts && broadcasts !== x && draw.oneIn(2)) return broadcasts;
  const last = x.shape[x.shape.length - 1];
  return network.weight(draw.pick([1], [last], [last], [1, ...x.shape.slice(1)]), 1);
}

function binaryDraw(op: BinaryOp): OpDraw {
  return opDraw(op, (network) => {
    const a = network.float();
    if (!a) return undefined;
    const attributes = { activation: hasActivation(op) ? drawActivation(network) : 'none' };
    if (op === pow) {
      const base = network.above(0.1, a, abs, add);
      const exponent = network.between([1], 0.5, 2, 'weight');
      return base && network.add(op, attributes, [base, exponent]);
    }
    let b: DrawnValue | undefined = partnerOf(network, a);
    if (op === div || op === floorMod)
      b = b.role ? network.between(b.shape, 0.5, 2, 'weight') : network.above(0.2, b, abs, add);
    if (!b) return undefined;
    // Constants come first too, where order matters.
    const swapped = b.role !== undefined && op !== div && op !== floorMod && network.draw.oneIn(4);
    return network.add(op, attributes, swapped ? [b, a] : [a, b]);
  });
}

/** TFLite's arithmetic carries an activation; its other ops have none, and ours only where told. */
function hasActivation(op: BinaryOp): boolean {
  return ['add', 'sub', 'mul', 'div'].includes(op.name);
}

export const binaryDraws: readonly OpDraw[] = binaryOps.map(binaryDraw);

export const preluDraw = opDraw(prelu, (network) => {
  const x = network.float(3, 4);
  if (!x) return undefined;
  const last = x.shape[x.shape.length - 1];
  const shape = network.draw.pick(
    [last],
    x.shape.slice(1).map((e, i, all) => (i < all.length - 1 ? 1 : e)),
  );
  return network.add(prelu, {}, [x, network.weight(shape, 0.3)]);
});
