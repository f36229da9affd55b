import { add, nodeName, patch, tensor } from '@whittle/core';
import type { Id, Model, Node } from '@whittle/core';
import { GraphView } from './graph-view.js';

/** Constants that are added to what a convolution or dense layer gives, one an output channel, become its bias. */
export function takeBiasesIn(model: Model): Model {
  const view = new GraphView(model);
  const added = model.nodes.flatMap((node) => {
    const found = biasOf(view, node);
    return found ? [{ node, ...found }] : [];
  });
  return patch(model, (edit) => {
    for (const { node, linear, bias } of added) {
      const { tensor: value } = model.parameters.get(bias)!;
      const id = edit.addParameter({
        id: `${nodeName(linear)}/bias`,
        tensor: tensor(value.dtype, [value.data.length], value.data),
        role: 'bias',
        trainable: true,
      });
      edit.fuseNodes(linear, node, linear.op, linear.attributes, [...linear.inputs, id]);
    }
  });
}

function biasOf(view: GraphView, node: Node): { readonly linear: Node; readonly bias: Id } | undefined {
  if (view.source(node.outputs[0], add) !== node) return undefined;
  const [a, b] = node.inputs;
  const [value, bias] = view.model.parameters.has(b) ? [a, b] : [b, a];
  const linear = view.linear(value);
  const parameter = view.model.parameters.get(bias)?.tensor;
  if (!linear || !parameter || linear.inputs.length !== 2) return undefined;
  const { shape } = view.model.values.get(value)!;
  const outputs = shape[shape.length - 1];
  const isVector =
    parameter.data.length === outputs && parameter.shape[parameter.shape.length - 1] === outputs;
  const keepsShape = parameter.shape.length <= shape.length;
  return isVector && keepsShape ? { linear, bias } : undefined;
}
