import { z } from 'zod';
import type { Model, Node, Parameter } from '../model.js';
import { nodeName } from '../model.js';
import { attributesOf, isOp } from '../op.js';
import { add, batchNorm, batchNormAffine, mul } from '../ops/index.js';
import { definePass } from '../pass.js';
import type { ModelEditor } from '../patch.js';
import { patch } from '../patch.js';
import type { Property } from '../property.js';
import { float32 } from '../tensor.js';
import { consumers, producers, soleConsumer } from '../traverse.js';

/** No batch normalization is left in the model. */
export const batchNormFolded: Property = {
  name: 'batch-norm-folded',
  args: {},
  dependsOn: ['structure'],
  check(model) {
    const node = model.nodes.find((n) => isOp(n, batchNorm));
    return node && { message: `${nodeName(node)} is a batch normalization`, node: nodeName(node) };
  },
};

/**
 * Folds each batch normalization into the convolution or dense layer before it: weight * gamma / sqrt(variance + epsilon)
 * per output channel, bias accordingly (Jacob et al. 2018, section 3.2). One that follows anything else, or a layer that
 * others read too, becomes a multiplication and an addition.
 */
export function foldBatchNorm(model: Model): Model {
  let current = model;
  for (;;) {
    const node = current.nodes.find((n) => isOp(n, batchNorm));
    if (!node) return current;
    const source = producers(current).get(node.inputs[0]);
    const foldable =
      source &&
      source.op.linear &&
      soleConsumer(current, consumers(current), node.inputs[0]) &&
      ((source.attributes as { activation?: string }).activation ?? 'none') === 'none' &&
      isPrivate(current, source);
    const model = current;
    current = patch(current, (edit) =>
      foldable ? foldInto(model, edit, source, node) : separate(model, edit, node),
    );
  }
}

/** Whether no other node shares the layer's weight and bias, which are about to change. */
function isPrivate(model: Model, layer: Node): boolean {
  const users = consumers(model);
  return layer.inputs.slice(1).every((id) => model.parameters.has(id) && users.get(id)?.length === 1);
}

function affineOf(model: Model, node: Node) {
  const { epsilon } = attributesOf(node, batchNorm);
  return batchNormAffine(
    epsilon,
    node.inputs.slice(1).map((id) => (model.parameters.get(id) as Parameter).tensor.data as Float32Array),
  );
}

function foldInto(model: Model, edit: ModelEditor, layer: Node, node: Node): void {
  const { factor, shift } = affineOf(model, node);
  const [input, weightId, biasId] = layer.inputs;
  const weight = (model.parameters.get(weightId) as Parameter).tensor;
  // Outputs are the innermost axis of every weight layout: HWIO, HWCM (channel-major) and [in, out].
  const scaled = Float32Array.from(weight.data as Float32Array, (w, i) => w * factor[i % factor.length]);
  edit.setParameter(weightId, { tensor: float32(weight.shape, scaled) });
  const old =
    biasId === undefined
      ? undefined
      : ((model.parameters.get(biasId) as Parameter).tensor.data as Float32Array);
  const bias = float32(
    [factor.length],
    Float32Array.from(shift, (s, c) => s + (old ? old[c] * factor[c] : 0)),
  );
  const biasOut =
    biasId ??
    edit.addParameter({ id: `${nodeName(layer)}/bias`, tensor: bias, role: 'bias', trainable: true });
  edit.setParameter(biasOut, { tensor: bias });
  edit.fuseNodes(layer, node, layer.op, layer.attributes, [input, weightId, biasOut]);
}

function separate(model: Model, edit: ModelEditor, node: Node): void {
  const { factor, shift } = affineOf(model, node);
  const name = nodeName(node);
  const constant = (suffix: string, role: 'scale' | 'offset', data: Float64Array) =>
    edit.addParameter({
      id: `${name}/${suffix}`,
      tensor: float32([data.length], Float32Array.from(data)),
      role,
      trainable: true,
    });
  const [scaled] = edit.addNode(
    mul,
    { activation: 'none' },
    [node.inputs[0], constant('factor', 'scale', factor)],
    { outputs: [edit.freshId(`${name}/scaled`)] },
  );
  edit.replaceNode(node, add, { activation: 'none' }, [scaled, constant('shift', 'offset', shift)]);
}

export const foldBatchNormPass = definePass({
  name: 'core/fold-batch-norm',
  description: 'Folds batch normalizations into the layers before them',
  options: z.object({}).strict().prefault({}),
  changes: ['structure', 'weights'],
  establishes: () => [batchNormFolded],
  run: (model) => foldBatchNorm(model),
});
