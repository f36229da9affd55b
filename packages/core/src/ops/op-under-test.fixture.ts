import { interpret } from '../interpreter.js';
import type { Model } from '../model.js';
import { viewNode } from '../op.js';
import type { OpDefinition, Span } from '../op.js';
import { singleNodeModel } from '../single-node.js';
import type { SingleNodeOperand } from '../single-node.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';

/** 1, 2, 3 ... in a shape. */
export function counting(...shape: readonly number[]): Tensor {
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
  );
}

/** What an op of one result computes of constants. */
export function run<A>(op: OpDefinition<A>, attributes: A, ...operands: readonly Tensor[]): Tensor {
  return interpret(singleNodeModel(op, attributes, operands), new Map()).get('y') as Tensor;
}

/** The ties of the only node, written as value:axis[start+count], with each and tile where they aren't 1. */
export function tiesIn(model: Model): string[][] {
  const [node] = model.nodes;
  return node.op.channels(viewNode(model, node) as never).ties.map((tie) => tie.map(write));
}

/** The ties of an op of which one holds, written as `tiesIn`. */
export function choicesOf<A>(
  op: OpDefinition<A>,
  attributes: A,
  ...operands: readonly SingleNodeOperand[]
): string[][][] {
  const model = singleNodeModel(op, attributes, operands);
  const [node] = model.nodes;
  const { choices = [] } = node.op.channels(viewNode(model, node) as never);
  return choices.map((ties) => ties.map((tie) => tie.map(write)));
}

export function tiesOf<A>(
  op: OpDefinition<A>,
  attributes: A,
  ...operands: readonly SingleNodeOperand[]
): string[][] {
  return tiesIn(singleNodeModel(op, attributes, operands));
}

function write({ value, axis, start = 0, count, each = 1, tile = 1 }: Span): string {
  return `${value}:${axis}[${start}+${count}]${each > 1 ? ` each ${each}` : ''}${tile > 1 ? ` tile ${tile}` : ''}`;
}
