import { comparisonOps, equal, greater, logicalOps, notEqual, tensor, where } from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import type { DrawnValue } from './drawn-value.js';
import { partnerOf } from './elementwise.js';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';
import type { OpDraw } from './op-draw.js';

type Plain = OpDefinition<Record<string, never>>;

/** A second operand of the same type: of integers and truth values one of the same shape, or a constant. */
function likePartner(network: NetworkDraw, x: DrawnValue): DrawnValue {
  if (x.dtype === 'float32') return partnerOf(network, x);
  const alike = network.pick(({ dtype, shape }) => dtype === x.dtype && shape.join() === x.shape.join());
  if (alike && alike !== x && network.draw.oneIn(2)) return alike;
  const last = x.shape[x.shape.length - 1];
  const data = Array.from({ length: last }, () => network.draw.between(0, 1));
  return network.constant(tensor(x.dtype, [last], data));
}

const compared = (op: Plain): OpDraw =>
  opDraw(op, (network) => {
    const takesBools = op === equal || op === notEqual;
    const x = network.draw.oneIn(3)
      ? network.pick(({ dtype }) => takesBools || dtype !== 'bool')
      : network.float();
    if (!x || x.shape.length === 0) return undefined;
    const operands = [x, likePartner(network, x)];
    return network.add(op, {}, network.draw.oneIn(4) ? operands.reverse() : operands);
  });

/** A truth value: one that is there, or whether a float is above what varies from channel to channel. */
function truth(network: NetworkDraw, fits: (value: DrawnValue) => boolean): DrawnValue | undefined {
  const there = network.pick((value) => value.dtype === 'bool' && fits(value));
  if (there && !network.draw.oneIn(4)) return there;
  const x = network.pick((value) => value.dtype === 'float32' && value.shape.length > 0 && fits(value));
  if (!x) return there;
  return network.add(greater, {}, [x, network.weight([x.shape[x.shape.length - 1]], 0.5)])?.[0];
}

const broadcastsTo = (x: DrawnValue) => (value: DrawnValue) =>
  value.shape.length === x.shape.length &&
  value.shape.every((extent, axis) => extent === 1 || extent === x.shape[axis]);

const combined = (op: Plain): OpDraw =>
  opDraw(op, (network) => {
    const a = truth(network, () => true);
    if (!a || op.operands.length === 1) return a && network.add(op, {}, [a]);
    const b = truth(network, broadcastsTo(a));
    return b && network.add(op, {}, [a, b]);
  });

const chosen = opDraw(where, (network) => {
  const x = network.draw.oneIn(4) ? network.pick(() => true) : network.float();
  if (!x || x.shape.length === 0) return undefined;
  const condition = truth(network, broadcastsTo(x));
  const choices = [x, likePartner(network, x)];
  return condition && network.add(where, {}, [condition, ...choices]);
});

/** Ops of truth values. */
export const comparisonDraws: readonly OpDraw[] = [
  ...comparisonOps.map(compared),
  ...logicalOps.map(combined),
  chosen,
  chosen,
];
