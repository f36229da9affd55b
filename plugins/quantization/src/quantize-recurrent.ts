import { clampOf, quantize, tensor, viewNode, WhittleError } from '@whittle/core';
import type { FusedActivation, Id, Model, ModelEditor, Node, Parameter, Tensor } from '@whittle/core';
import { activationRange, recurrentRuleOf, roundHalfAway, STORED_RANGE, toQuantization } from '@whittle/int8';
import type { ActivationScale } from '@whittle/int8';
import { activationScaleOf } from './activation-scale.js';
import type { Range } from './observers.js';
import { quantizeLayer } from './quantize-weights.js';

/** Largest magnitude of sums of 32 bits, half of it for a bias. */
const LARGEST_SUM = 2 ** 30;

/** Weights and biases of a node with states in integers, by operand. @throws OP_UNSUPPORTED where they are computed */
export function recurrentWeights(
  model: Model,
  node: Node,
  scales: ReadonlyMap<Id, ActivationScale>,
): ReadonlyMap<number, Tensor> {
  const found = new Map<number, Tensor>();
  for (const weight of recurrentRuleOf(node.op)?.weights ?? []) {
    const value = parameterOf(model, node, weight.operand).tensor;
    const bias =
      weight.bias !== undefined && weight.bias < node.inputs.length
        ? parameterOf(model, node, weight.bias).tensor
        : undefined;
    const from = scales.get(node.inputs[weight.multiplies]) as ActivationScale;
    const layer =
      weight.dtype === 'int8'
        ? quantizeLayer(value, bias, from, undefined)
        : quantizeWide(value, bias, from, viewNode(model, node).outputs[0].shape[1] as number);
    found.set(weight.operand, layer.weight);
    if (weight.bias !== undefined && layer.bias) found.set(weight.bias, layer.bias);
  }
  return found;
}

function parameterOf(model: Model, node: Node, operand: number): Parameter {
  const parameter = model.parameters.get(node.inputs[operand]);
  if (!parameter)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${node.outputs[0]}: weights and biases must be parameters, '${node.inputs[operand]}' is computed`,
      { node: node.outputs[0] },
    );
  return parameter;
}

/**
 * Weights of int16 that multiply values of int16, symmetric, with a bias of int32: `units` sums of as many products each, which
 * wrap in 32 bits. The scale is raised so far that no values make them.
 */
function quantizeWide(value: Tensor, bias: Tensor | undefined, from: ActivationScale, units: number) {
  const weights = value.data as Float32Array;
  const biases = bias ? (bias.data as Float32Array) : new Float32Array(units);
  const terms = weights.length / units;
  let least = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0) / STORED_RANGE.int16.max;
  for (let u = 0; u < units; u++) {
    const sum = weights.subarray(u * terms, (u + 1) * terms).reduce((all, w) => all + Math.abs(w), 0);
    const product = (sum * 2 ** 15) / (LARGEST_SUM - terms * 2 ** 14);
    least = Math.max(least, product, Math.abs(biases[u]) / (from.scale * (LARGEST_SUM / 2)));
  }
  const scale = Math.fround(least || 1);
  const one = (step: number) => ({ scale: Float32Array.of(step), zeroPoint: new Int32Array(1) });
  const stored = (data: Float32Array, step: number) => Array.from(data, (x) => roundHalfAway(x / step));
  return {
    weight: tensor('int16', value.shape, stored(weights, scale), one(scale)),
    ...(bias && {
      bias: tensor('int32', bias.shape, stored(biases, from.scale * scale), one(from.scale * scale)),
    }),
  };
}

/**
 * Replaces a node with states, whose kernel clamps by saturation alone. Where its result's scale holds more than its activation
 * lets through, the result gets a scale of its own first, and is rescaled.
 */
export function replaceRecurrent(
  edit: ModelEditor,
  node: Node,
  inputs: readonly Id[],
  range: Range,
  scales: ReadonlyMap<Id, ActivationScale>,
): void {
  const [result, ...others] = node.outputs;
  const { activation = 'none' } = node.attributes as { readonly activation?: FusedActivation };
  const scale = scales.get(result) as ActivationScale;
  if (saturates(node, activation, scale)) {
    edit.replaceNode(node, node.op, node.attributes, inputs);
    return;
  }
  const [low, high] = clampOf(activation);
  const inside = (share: number): ActivationScale =>
    activationScaleOf([Math.max(range[0], low) * share, Math.min(range[1], high) * share], scale.dtype);
  // Rounding of the zero point can let one step through that is beyond the activation's bound.
  const own = saturates(node, activation, inside(1)) ? inside(1) : inside(1 - 1 / 128);
  edit.removeNode(node);
  const [raw] = edit.addNode(node.op, node.attributes, inputs, {
    outputs: [edit.freshId(`${result}/unscaled`), ...others],
    quantization: [own, ...others.map((id) => scales.get(id) as ActivationScale)].map(toQuantization),
  });
  edit.addNode(quantize, { dtype: scale.dtype }, [raw], {
    outputs: [result],
    quantization: [toQuantization(scale)],
  });
}

/** Whether an activation lets nothing less through than a scale holds. */
function saturates({ outputs }: Node, activation: FusedActivation, scale: ActivationScale): boolean {
  const { min, max } = STORED_RANGE[scale.dtype];
  const clamp = activationRange({ name: outputs[0] }, activation, scale);
  return clamp.min <= min && clamp.max >= max;
}
