import { consumers, isOp, patch, prelu } from '@whittle/core';
import type { Model } from '@whittle/core';

/**
 * Gives PReLUs slopes of their own where other ops read the same parameter: slopes are int8 by a scale of their own, and what
 * element-wise ops read has the type and scale of activations. The same model comes back where none are shared.
 */
export function separateSlopes(model: Model): Model {
  const users = consumers(model);
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      if (!isOp(node, prelu)) continue;
      const [input, slopes] = node.inputs;
      const parameter = model.parameters.get(slopes);
      const shared = users.get(slopes)?.some((user) => !isOp(user, prelu)) || input === slopes;
      if (!parameter || !shared) continue;
      const id = edit.addParameter({ ...parameter, id: edit.freshId(`${node.outputs[0]}/slopes`) });
      edit.replaceNode(node, node.op, node.attributes, [input, id]);
    }
  });
}
