import { attributesOf, isOp, pad, patch, quantize, tensor, typeOf, viewNode } from '@whittle/core';
import type { Id, Model, ModelEditor, Node, Parameter, Quantization, ValueType } from '@whittle/core';
import { quantizeFloat } from '../kernels/quantize.js';
import { activationScale, INT8_OR_INT16, isActivation, sameScale, STORED_RANGE } from '../quantized-type.js';
import type { ActivationDType, ActivationScale, TensorScale } from '../quantized-type.js';
import { storesMargin } from '../plans/data-movement.js';
import { scaleRuleOf } from './scale-rules.js';

/**
 * Gives every kernel the scales that it demands, by `quantize` nodes where the model's differ: before the node for
 * operands that must agree (concat, maximum, minimum) or have zero point 0 (cumsum), after it for results. Values keep their
 * ids and types. Nodes whose values, but for indices, aren't all int8 or all int16, with one scale each, are left for their
 * kernels to refuse.
 */
export function equalizeScales(model: Model): Model {
  return patch(model, (edit) => {
    const requantized = new Map<string, Id>();
    for (const node of model.nodes) {
      const view = viewNode(model, node);
      const types = [...view.inputs, ...view.outputs].filter(isScaled);
      const [{ dtype } = { dtype: undefined }] = types;
      const rule = types.every((type) => isActivation(type) && type.dtype === dtype)
        ? scaleRuleOf(node.op, dtype as ActivationDType)
        : undefined;
      if (!rule) continue;
      const scaleOf = (type: ValueType) => activationScale(view, type, 'value', INT8_OR_INT16);
      const operands = view.inputs.flatMap((type) => (isScaled(type) ? [scaleOf(type)] : []));
      const outputs = view.outputs.map(scaleOf);
      if (rule.kind === 'fixed') rescaleResults(edit, node, rule.scale, outputs);
      else if (rule.kind === 'equal' && operands.length === 1 && canMoveFirst(node, operands[0]))
        rescaleResults(edit, node, operands[0], outputs);
      else {
        const inputs = node.inputs.map((id, i) => {
          if (!isScaled(view.inputs[i])) return id;
          const scale = scaleOf(view.inputs[i]);
          const wanted = rule.kind === 'centred' ? centred(scale) : outputs[0];
          return sameScale(scale, wanted) ? id : rescaleOperand(model, edit, requantized, id, wanted);
        });
        if (inputs.some((id, i) => id !== node.inputs[i]))
          edit.replaceNode(node, node.op, node.attributes, inputs);
      }
    }
  });
}

/** Whether a value is quantized, as everything is but indices. */
function isScaled({ dtype }: ValueType): boolean {
  return dtype !== 'int32' && dtype !== 'int64';
}

/** A scale with zero point 0 that holds all that another one does. */
function centred({ dtype, scale, zeroPoint }: ActivationScale): ActivationScale {
  const { min, max } = STORED_RANGE[dtype];
  const steps = Math.max(max - zeroPoint, zeroPoint - min);
  return { dtype, scale: zeroPoint === 0 ? scale : Math.fround((scale * steps) / max), zeroPoint: 0 };
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
