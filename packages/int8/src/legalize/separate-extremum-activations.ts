import { maximum, minimum, nodeName, patch, relu, relu6, typeOf } from '@whittle/core';
import type { BinaryAttributes, Model, OpDefinition } from '@whittle/core';

const separable: ReadonlyMap<string, OpDefinition> = new Map<string, OpDefinition>([
  ['relu', relu as OpDefinition],
  ['relu6', relu6 as OpDefinition],
]);

/** Whether an op is maximum or minimum, whose kernels have no activation. */
export function isExtremum(op: Pick<OpDefinition, 'name'>): boolean {
  return op.name === maximum.name || op.name === minimum.name;
}

/** Takes relu and relu6 off maximum and minimum, which carry no activation in TFLite, as nodes of their own. */
export function separateExtremumActivations(model: Model): Model {
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      if (!isExtremum(node.op)) continue;
      const op = separable.get((node.attributes as BinaryAttributes).activation);
      if (!op) continue;
      const result = nodeName(node);
      const quantization = [typeOf(model, result).quantization];
      edit.removeNode(node);
      const [linear] = edit.addNode(node.op, { activation: 'none' }, node.inputs, {
        outputs: [edit.freshId(`${result}/linear`)],
        quantization,
      });
      edit.addNode(op, {}, [linear], { outputs: [result], quantization });
    }
  });
}
