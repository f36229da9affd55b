import { WhittleError } from './errors.js';
import type { Model } from './model.js';
import { concrete } from './model.js';
import { reshape } from './ops/shape.js';
import { isOp } from './op.js';
import { patch } from './patch.js';

/** Fixes the batch size of every value. The same model comes back where no value has a batch dimension. */
export function bind(model: Model, sizes: { readonly batch: number }): Model {
  const { batch } = sizes;
  if (!Number.isInteger(batch) || batch < 1)
    throw new WhittleError('OPTION_INVALID', `batch must be an integer of at least 1, found ${batch}`);
  return patch(model, (edit) => {
    for (const { id } of model.inputs) {
      const type = edit.typeOf(id);
      if (type.shape.includes('batch')) edit.setType(id, { ...type, shape: concrete(type.shape, batch) });
    }
    for (const node of model.nodes)
      if (isOp(node, reshape)) {
        const { shape } = node.attributes as { shape: (number | 'batch')[] };
        if (shape.includes('batch')) edit.replaceNode(node, reshape, { shape: concrete(shape, batch) });
      }
  });
}
