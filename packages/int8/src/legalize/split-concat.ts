import { attributesOf, concat, isOp, nodeName, patch, typeOf } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import { MAX_CONCAT_OPERANDS } from '../plans/data-movement.js';

/** Splits every concat of more than 10 operands, TFLM's limit, into concats of concats. */
export function splitConcat(model: Model): Model {
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      if (!isOp(node, concat) || node.inputs.length <= MAX_CONCAT_OPERANDS) continue;
      const attributes = attributesOf(node, concat);
      const { quantization } = typeOf(model, nodeName(node));
      let operands: readonly Id[] = node.inputs;
      while (operands.length > MAX_CONCAT_OPERANDS)
        operands = chunks(operands).map((part) =>
          part.length === 1
            ? part[0]
            : edit.addNode(concat, attributes, part, {
                outputs: [edit.freshId(`${nodeName(node)}/part`)],
                quantization: [quantization],
              })[0],
        );
      edit.replaceNode(node, concat, attributes, operands);
    }
  });
}

function chunks(ids: readonly Id[]): Id[][] {
  const count = Math.ceil(ids.length / MAX_CONCAT_OPERANDS);
  return Array.from({ length: count }, (_, i) =>
    ids.slice(i * MAX_CONCAT_OPERANDS, (i + 1) * MAX_CONCAT_OPERANDS),
  );
}
