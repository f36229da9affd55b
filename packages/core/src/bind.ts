import { WhittleError } from './errors.js';
import type { Model } from './model.js';
import { concrete } from './model.js';
import { reshape } from './ops/shape.js';
import { isOp } from './op.js';
import { patch } from './patch.js';

/**
 * Fixes the batch size of every value. The same model comes back where no value has a batch dimension.
 * @throws OPTION_INVALID for a batch of several in a model with states, which runs one stream
 */
export function bind(model: Model, sizes: { readonly batch: number }): Model {
  const { batch } = sizes;
  if (!Number.isInteger(batch) || batch < 1)
    throw new WhittleError('OPTION_INVALID', `batch must be an integer of at least 1, found ${batch}`);
  if (batch > 1 && model.states.length > 0)
    throw new WhittleError(
      'OPTION_INVALID',
      `batch must be 1 for ${model.name}, which keeps states from one inference to the next, found ${batch}`,
    );
  return patch(model, (edit) => {
    for (const id of [...model.inputs.map((input) => input.id), ...model.states.map((state) => state.in)]) {
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
