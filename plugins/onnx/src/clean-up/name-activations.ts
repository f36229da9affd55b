import { div, erf, gelu, hardSigmoid, hardSwish, mul, patch, sigmoid, swish, add } from '@whittle/core';
import type { Id, Model, Node, OpDefinition } from '@whittle/core';
import { GraphView, isNear } from './graph-view.js';

interface Named {
  readonly op: OpDefinition;
  readonly attributes: object;
  readonly input: Id;
}

/**
 * Activations that exporters spell out become what they are: x sigmoid(x) a swish, x hard_sigmoid(x) a hard swish, and
 * x (1 + erf(x / sqrt 2)) / 2 a GELU.
 */
export function nameActivations(model: Model): Model {
  const view = new GraphView(model);
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      const named = gated(view, node) ?? errorGated(view, node);
      if (named) edit.replaceNode(node, named.op, named.attributes, [named.input]);
    }
  });
}

/** x f(x). */
function gated(view: GraphView, node: Node): Named | undefined {
  if (view.source(node.outputs[0], mul) !== node) return undefined;
  const [a, b] = node.inputs;
  for (const [input, gate] of [
    [a, b],
    [b, a],
  ]) {
    if (view.only(gate, sigmoid)?.inputs[0] === input)
      return { op: swish as OpDefinition, attributes: {}, input };
    const hard = view.only(gate, hardSigmoid);
    const { alpha, beta } = (hard?.attributes ?? {}) as { alpha?: number; beta?: number };
    if (hard?.inputs[0] === input && isNear(alpha, 1 / 6) && isNear(beta, 0.5))
      return { op: hardSwish as OpDefinition, attributes: {}, input };
  }
  return undefined;
}

/** Products of x, 1/2 and 1 + erf(x / sqrt 2), in whatever order. */
function errorGated(view: GraphView, node: Node): Named | undefined {
  if (view.source(node.outputs[0], mul) !== node) return undefined;
  const factors: Id[] = [];
  let scale = 1;
  const collect = (id: Id, isTop: boolean): void => {
    const number = view.number(id);
    const product = isTop ? node : view.only(id, mul);
    if (number !== undefined) scale *= number;
    else if (product) product.inputs.forEach((each) => collect(each, false));
    else factors.push(id);
  };
  collect(node.outputs[0], true);
  if (factors.length !== 2 || !isNear(scale, 0.5)) return undefined;
  for (const [input, gate] of [factors, [...factors].reverse()]) {
    const sum = view.withNumber(view.only(gate, add));
    if (!sum || sum.number !== 1) continue;
    const argument = view.only(sum.value, erf)?.inputs[0];
    if (argument === undefined) continue;
    const divided = view.only(argument, div);
    const multiplied = view.withNumber(view.only(argument, mul));
    const isDivided = divided?.inputs[0] === input && isNear(view.number(divided.inputs[1]), Math.SQRT2);
    const isMultiplied = multiplied?.value === input && isNear(multiplied.number, Math.SQRT1_2);
    if (isDivided || isMultiplied)
      return { op: gelu as OpDefinition, attributes: { approximate: false }, input };
  }
  return undefined;
}
