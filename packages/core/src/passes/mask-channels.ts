import type { ReadonlyIndexSet } from '../analysis/index-set.js';
import { typeOf } from '../model.js';
import type { Id, Model } from '../model.js';
import { isOp } from '../op.js';
import { batchNorm, depthwiseConv2d, gather, instanceNorm } from '../ops/index.js';
import { patch } from '../patch.js';
import { float32 } from '../tensor.js';
import { consumers, leaves } from '../traverse.js';
import { removedIndices } from './removals.js';
import type { Removal, RemovedIndices } from './removals.js';

/**
 * Masks channels, as sparse training does: the scales of batch and instance norms become 0, and so do the weights and biases
 * of layers whose output no norm rescales. A masked channel holds a constant, whatever the input.
 * @throws OPTION_INVALID as `removeChannels`
 */
export function maskChannels(model: Model, removals: readonly Removal[]): Model {
  return maskIndices(model, removedIndices(removals));
}

/** `maskChannels`, of indices by value and axis. */
export function maskIndices(model: Model, gone: RemovedIndices): Model {
  const masks = new Map<Id, { readonly axis: number; readonly indices: ReadonlyIndexSet }>();
  const users = consumers(model);
  const ends = leaves(model);
  for (const node of model.nodes) {
    const isNorm = isOp(node, batchNorm) || isOp(node, instanceNorm);
    const isRescaled =
      !ends.has(node.outputs[0]) &&
      (users.get(node.outputs[0]) ?? []).every((user) => isOp(user, batchNorm) || isOp(user, instanceNorm));
    const isLayer = node.op.linear && !isOp(node, depthwiseConv2d) && !isRescaled;
    const isEmbedding = isOp(node, gather) && model.parameters.has(node.inputs[0]) && !isRescaled;
    const masked: [operand: number, axis: number][] = [];
    if (isNorm) masked.push([1, 0]);
    if (isLayer) masked.push([1, node.op.linear!.outputAxes[0]], [2, 0]);
    if (isEmbedding) masked.push([0, typeOf(model, node.inputs[0]).shape.length - 1]);
    for (const [operand, axis] of masked) {
      const id = node.inputs[operand];
      const indices = id === undefined ? undefined : gone.get(id)?.get(axis);
      if (indices && model.parameters.has(id)) masks.set(id, { axis, indices });
    }
  }
  return patch(model, (edit) => {
    for (const [id, { axis, indices }] of masks) {
      const { tensor } = model.parameters.get(id)!;
      const inner = tensor.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      const data = (tensor.data as Float32Array).slice();
      const gone = [...indices];
      for (let start = 0; start < data.length; start += inner * tensor.shape[axis])
        for (const index of gone) data.fill(0, start + index * inner, start + (index + 1) * inner);
      edit.setParameter(id, { tensor: float32(tensor.shape, data) });
    }
  });
}
