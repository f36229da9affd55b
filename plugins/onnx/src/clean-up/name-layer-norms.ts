import { add, div, layerNorm, mean, mul, patch, pow, sqrt, square, sub } from '@whittle/core';
import type { Id, Model, Node } from '@whittle/core';
import { GraphView } from './graph-view.js';

/**
 * Layer normalization that exporters spell out, scale (x - mean) / sqrt(variance + epsilon) + offset over the last axis, becomes
 * one node.
 */
export function nameLayerNorms(model: Model): Model {
  const view = new GraphView(model);
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      const found = layerNormOf(view, node);
      if (!found) continue;
      const { input, scale, offset, epsilon, axis } = found;
      edit.replaceNode(node, layerNorm, { axis, epsilon }, [input, scale, offset]);
    }
  });
}

interface Found {
  readonly input: Id;
  readonly scale: Id;
  readonly offset: Id;
  readonly epsilon: number;
  readonly axis: number;
}

function layerNormOf(view: GraphView, node: Node): Found | undefined {
  if (view.source(node.outputs[0], add) !== node) return undefined;
  const [scaled, offset] = withParameter(view, node) ?? [];
  const product = view.only(scaled, mul);
  const [normalized, scale] = (product && withParameter(view, product)) ?? [];
  const quotient = view.only(normalized, div);
  const deviation = view.source(quotient?.inputs[0], sub);
  const [input, average] = deviation?.inputs ?? [];
  if (!quotient || !deviation || offset === undefined || scale === undefined) return undefined;
  const sum = view.withNumber(view.only(view.only(quotient.inputs[1], sqrt)?.inputs[0], add));
  const variance = view.only(sum?.value, mean);
  const squared = view.only(variance?.inputs[0], square) ?? view.only(variance?.inputs[0], pow);
  const isSquare =
    squared?.inputs.length === 1 || (squared !== undefined && view.number(squared.inputs[1]) === 2);
  const first = view.source(average, mean);
  if (!isSquare || squared?.inputs[0] !== deviation.outputs[0] || first?.inputs[0] !== input)
    return undefined;
  const rank = view.model.values.get(input)?.shape.length ?? 0;
  const channels = view.model.values.get(input)?.shape[rank - 1];
  const isLast = [first, variance].every((each) => {
    const { axes, keepDims } = each!.attributes as { axes: readonly number[]; keepDims: boolean };
    return keepDims && axes.length === 1 && axes[0] === rank - 1;
  });
  const isVector = [scale, offset].every((id) => {
    const shape = view.model.parameters.get(id)!.tensor.shape;
    return shape.length === 1 && shape[0] === channels;
  });
  if (!isLast || !isVector || !sum || !(sum.number > 0)) return undefined;
  return { input, scale, offset, epsilon: sum.number, axis: rank - 1 };
}

/** The operands of a node of two, one of them a parameter: the other, and the parameter. */
function withParameter(view: GraphView, node: Node): readonly [Id, Id] | undefined {
  const [a, b] = node.inputs;
  if (view.model.parameters.has(b)) return [a, b];
  return view.model.parameters.has(a) ? [b, a] : undefined;
}
