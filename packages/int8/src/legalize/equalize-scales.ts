import { attributesOf, isOp, pad, patch, quantize, tensor, typeOf, viewNode } from '@whittle/core';
import type { Id, Model, ModelEditor, Node, Parameter, Quantization, ValueType } from '@whittle/core';
import { quantizeFloat } from '../kernels/quantize.js';
import { activationScale, INT8_OR_INT16, isActivation, outputScale, sameScale } from '../quantized-type.js';
import type { ActivationScale, TensorScale } from '../quantized-type.js';
import { storesMargin } from '../plans/data-movement.js';
import { scaleRuleOf } from './scale-rules.js';

/**
 * Gives every kernel the scales that it demands, by `quantize` nodes where the model's differ: before the node for
 * operands that must agree (concat, maximum, minimum), after it for results. Values keep their ids and types. Nodes whose
 * values aren't all int8 or all int16, with one scale each, are left for their kernels to refuse.
 */
export function equalizeScales(model: Model): Model {
  return patch(model, (edit) => {
    const requantized = new Map<string, Id>();
    for (const node of model.nodes) {
      const view = viewNode(model, node);
      const types = [...view.inputs, ...view.outputs];
      if (!types.every((type) => isActivation(type) && type.dtype === types[0].dtype)) continue;
      const output = outputScale(view, INT8_OR_INT16);
      const rule = scaleRuleOf(node.op, output.dtype);
      if (!rule) continue;
      const scaleOf = (type: ValueType) => activationScale(view, type, 'value', INT8_OR_INT16);
      const outputs = view.outputs.map(scaleOf);
      if (rule.kind === 'fixed') rescaleResults(edit, node, rule.scale, outputs);
      else if (node.inputs.length === 1 && canMoveFirst(node, scaleOf(view.inputs[0])))
        rescaleResults(edit, node, scaleOf(view.inputs[0]), outputs);
      else {
        const inputs = node.inputs.map((id, i) =>
          sameScale(scaleOf(view.inputs[i]), output)
            ? id
            : rescaleOperand(model, edit, requantized, id, output),
        );
        if (inputs.some((id, i) => id !== node.inputs[i]))
          edit.replaceNode(node, node.op, node.attributes, inputs);
      }
    }
  });
}

/** Whether a node can run at its operand's scale: margins that this doesn't hold need another one first. */
function canMoveFirst(node: Node, scale: ActivationScale): boolean {
  return !isOp(node, pad) || storesMargin(attributesOf(node, pad).value, scale);
}

/** The node computes at scale `from`; quantize nodes bring results to their own scales. */
function rescaleResults(
  edit: ModelEditor,
  node: Node,
  from: TensorScale,
  to: readonly ActivationScale[],
): void {
  const differs = to.map((scale) => !sameScale(from, scale));
  if (!differs.includes(true)) return;
  edit.removeNode(node);
  const raw = edit.addNode(node.op, node.attributes, node.inputs, {
    outputs: node.outputs.map((id, i) => (differs[i] ? edit.freshId(`${id}/unscaled`) : id)),
    quantization: to.map(() => toQuantization(from)),
  });
  node.outputs.forEach((id, i) => {
    if (differs[i]) addQuantize(edit, raw[i], id, to[i]);
  });
}

function rescaleOperand(
  model: Model,
  edit: ModelEditor,
  known: Map<string, Id>,
  id: Id,
  to: ActivationScale,
): Id {
  const key = `${to.scale} ${to.zeroPoint} ${id}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const parameter = model.parameters.get(id);
  const base = `${id}/rescaled`;
  const rescaled = parameter
    ? edit.addParameter({ ...parameter, id: base, tensor: rescaleConstant(model, parameter, to) })
    : addQuantize(edit, id, edit.freshId(base), to);
  known.set(key, rescaled);
  return rescaled;
}

function rescaleConstant(model: Model, { id, tensor: value }: Parameter, to: ActivationScale) {
  const from = activationScale({ name: id }, typeOf(model, id), 'constant', [to.dtype]);
  const stored = Array.from(value.data, Number).map((x) =>
    quantizeFloat(from.scale * (x - from.zeroPoint), to),
  );
  return tensor(to.dtype, value.shape, stored, toQuantization(to));
}

function addQuantize(edit: ModelEditor, from: Id, to: Id, scale: ActivationScale): Id {
  return edit.addNode(quantize, { dtype: scale.dtype }, [from], {
    outputs: [to],
    quantization: [toQuantization(scale)],
  })[0];
}

/** The quantization of a value that has one scale. */
export function toQuantization({ scale, zeroPoint }: TensorScale): Quantization {
  return { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) };
}
