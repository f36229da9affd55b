import { z } from 'zod';
import type { Model, Node, ValueType } from '../model.js';
import { typeOf } from '../model.js';
import { isOp } from '../op.js';
import type { OpDefinition } from '../op.js';
import { relu, relu6 } from '../ops/index.js';
import type { FusedActivation } from '../ops/index.js';
import { definePass } from '../pass.js';
import { patch } from '../patch.js';
import { consumers, producers, soleConsumer } from '../traverse.js';

const fusable: readonly (readonly [OpDefinition, FusedActivation])[] = [
  [relu, 'relu'],
  [relu6, 'relu6'],
];

/**
 * Fuses each relu and relu6 into the op before it, where that op carries an activation and nothing else reads its
 * result. The value keeps the id and type that it has after the activation. `into` leaves out ops, by what they give before
 * the activation, such as those whose activation a target doesn't have.
 */
export function fuseActivations(
  model: Model,
  into: (op: OpDefinition, result: ValueType) => boolean = () => true,
): Model {
  const users = consumers(model);
  const sources = producers(model);
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      const activation = fusable.find(([op]) => isOp(node, op))?.[1];
      const source = sources.get(node.inputs[0]);
      if (!activation || !source || !carriesNone(source)) continue;
      if (!into(source.op, typeOf(model, node.inputs[0]))) continue;
      if (source.outputs[0] !== node.inputs[0] || !soleConsumer(model, users, node.inputs[0])) continue;
      edit.fuseNodes(source, node, source.op, { ...source.attributes, activation }, source.inputs);
    }
  });
}

function carriesNone(node: Node): boolean {
  return 'activation' in node.attributes && node.attributes.activation === 'none';
}

/**
 * The reverse: every relu and relu6 that an op carries becomes a node of its own, both values with the type that the result
 * has. Of float32 models unless `from` says which ops, whatever their type.
 */
export function separateActivations(model: Model, from?: (op: OpDefinition) => boolean): Model {
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      const carried = (node.attributes as { activation?: FusedActivation }).activation;
      const op = fusable.find(([, activation]) => activation === carried)?.[0];
      const [result, ...others] = node.outputs;
      const [{ dtype, quantization }, ...otherTypes] = node.outputs.map((id) => typeOf(model, id));
      if (!op || !(from ? from(node.op) : dtype === 'float32')) continue;
      const linear = edit.freshId(`${result}/linear`);
      const attributes = { ...node.attributes, activation: 'none' };
      edit.removeNode(node);
      edit.addNode(node.op, attributes, node.inputs, {
        outputs: [linear, ...others],
        quantization: [quantization, ...otherTypes.map((type) => type.quantization)],
      });
      edit.addNode(op, {}, [linear], { outputs: [result], quantization: [quantization] });
    }
  });
}

export const fuseActivationsPass = definePass({
  name: 'core/fuse-activations',
  description: 'Fuses relu and relu6 into the layers before them',
  options: z.object({}).strict().prefault({}),
  changes: ['structure'],
  run: (model) => fuseActivations(model),
});

export const separateActivationsPass = definePass({
  name: 'core/separate-activations',
  description: 'Makes fused relu and relu6 nodes of their own',
  options: z.object({}).strict().prefault({}),
  changes: ['structure'],
  run: (model) => separateActivations(model),
});
