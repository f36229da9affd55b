import { WhittleError } from './errors.js';
import type { Model, Node } from './model.js';
import { nodeName } from './model.js';
import type { AddConstant, AddNode, OpDefinition } from './op.js';
import { viewNode } from './op.js';
import type { ModelEditor } from './patch.js';
import { patch } from './patch.js';
import { float32 } from './tensor.js';

/** No sensible op takes more steps than this to come down to simpler ones. */
const maxRounds = 32;

/**
 * Replaces nodes whose op is not `supported` by what the op decomposes to, again and again until all that is left is
 * supported or can't be decomposed. Values keep their ids; the same model comes back where there is nothing to do.
 * @throws MODEL_INVALID where ops decompose to one another without end
 */
export function decompose(model: Model, supported: (op: OpDefinition) => boolean): Model {
  let current = model;
  for (let round = 0; round < maxRounds; round++) {
    const before = current;
    const nodes = before.nodes.filter((node) => node.op.decompose && !supported(node.op));
    if (nodes.length === 0) return current;
    current = patch(before, (edit) => nodes.forEach((node) => decomposeNode(before, node, edit)));
  }
  const left = current.nodes.find((node) => node.op.decompose && !supported(node.op));
  throw new WhittleError(
    'MODEL_INVALID',
    `${left?.outputs[0]}: ${left?.op.name} still decomposes after ${maxRounds} rounds`,
  );
}

/** Values and constants in between are named after the node. */
function decomposeNode(model: Model, node: Node, edit: ModelEditor): void {
  const name = nodeName(node);
  const add: AddNode = (op, attributes, inputs) =>
    edit.addNode(op, attributes, inputs, { outputs: [edit.freshId(`${name}/${op.name}`)] });
  const constant: AddConstant = (value, what) =>
    edit.addParameter({
      id: `${name}/${what}`,
      tensor: typeof value === 'number' ? float32([1], [value]) : value,
      role: 'weight',
      trainable: false,
    });
  const results = node.op.decompose?.(viewNode(model, node), add, constant) ?? [];
  edit.removeNode(node);
  node.outputs.forEach((id, i) => {
    // A result that was there before keeps its own name.
    if (model.values.has(results[i]) || model.parameters.has(results[i])) edit.replaceUses(id, results[i]);
    else edit.renameValue(results[i], id);
  });
}
