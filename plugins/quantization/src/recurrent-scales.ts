import type { Id, Model, Node } from '@whittle/core';
import { recurrentRuleOf } from '@whittle/int8';
import type { ActivationScale, RecurrentState } from '@whittle/int8';
import { activationScaleOf } from './activation-scale.js';
import type { Range } from './observers.js';

/** The operands of a node with states that have no range of their own: its weights and biases. */
export function recurrentParameters(node: Node): ReadonlySet<number> {
  const weights = recurrentRuleOf(node.op)?.weights ?? [];
  return new Set(weights.flatMap(({ operand, bias }) => (bias === undefined ? [operand] : [operand, bias])));
}

/** Values that must share a scale: what a node's state is before and after, and the output where that holds it. */
export function recurrentTies({ op, inputs, outputs }: Node): Id[][] {
  return (recurrentRuleOf(op)?.states ?? []).map(({ operand, result, scale }) => [
    inputs[operand],
    outputs[result],
    ...(scale === 'output' ? [outputs[0]] : []),
  ]);
}

/** How states of int16 are scaled, whatever activations are: by their values, before and after. */
export function wideStates(model: Model): Map<Id, RecurrentState['scale']> {
  const found = new Map<Id, RecurrentState['scale']>();
  for (const { op, inputs, outputs } of model.nodes)
    for (const { operand, result, scale } of recurrentRuleOf(op)?.states ?? [])
      if (scale !== 'output') for (const id of [inputs[operand], outputs[result]]) found.set(id, scale);
  return found;
}

/**
 * The scale of a state of int16. A power of two holds the range, and is 2^-15 at least: the kernel's tanh tells no smaller steps
 * apart. More than 2^2, which the kernel refuses, is beyond what sums of int16 steps reach.
 */
export function stateScaleOf(range: Range, kind: RecurrentState['scale']): ActivationScale {
  if (kind === 'symmetric') return activationScaleOf(range, 'int16');
  const magnitude = Math.max(-range[0], range[1], 0);
  let scale = 2 ** -15;
  while (scale * 32767 < magnitude && scale < 4) scale *= 2;
  return { dtype: 'int16', scale, zeroPoint: 0 };
}
