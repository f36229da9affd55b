import { patch, tensor } from '@whittle/core';
import type { Id, Model, Parameter } from '@whittle/core';
import { fitsPattern } from '@whittle/channel-pruning';
import { WhittleError } from '@whittle/core';
import { floatParameter } from './filters.js';

/** Weights of linear layers that `exclude` doesn't name, in order of the model. @throws OPTION_INVALID, MODEL_INVALID */
export function maskableWeights(model: Model, exclude: readonly string[]): Parameter[] {
  const ids = new Set(model.nodes.filter(({ op }) => op.linear).map(({ inputs }) => inputs[1]));
  const weights = [...ids].flatMap((id) => model.parameters.get(id) ?? []);
  const unknown = exclude.find((name) => !weights.some(({ id }) => fitsPattern(id, name)));
  if (unknown !== undefined)
    throw new WhittleError(
      'OPTION_INVALID',
      `option 'exclude': no weight is named '${unknown}', expected some of: ${weights.map(({ id }) => id).join(', ')}`,
    );
  const taken = weights.filter(({ id }) => !exclude.some((name) => fitsPattern(id, name)));
  for (const { id } of taken) floatParameter(model, id);
  return taken;
}

/**
 * The model with these masks (1 keeps, 0 holds at zero), on top of those that it has: what is masked stays so, and masked
 * elements are zero. The very same model where nothing changes.
 */
export function withMasks(model: Model, masks: ReadonlyMap<Id, Uint8Array>): Model {
  return patch(model, (edit) => {
    for (const [id, kept] of masks) {
      const { tensor: old, mask } = model.parameters.get(id)!;
      const data = kept.map((x, i) => (x !== 0 && mask?.data[i] !== 0 ? 1 : 0));
      if (mask ? data.every((x, i) => x === mask.data[i]) : data.every((x) => x === 1)) continue;
      const values = (old.data as Float32Array).map((x, i) => (data[i] === 0 ? 0 : x));
      edit.setParameter(id, {
        tensor: tensor('float32', old.shape, values),
        mask: tensor('uint8', old.shape, data),
      });
    }
  });
}

/** Share of elements that masks hold at zero, by parameter and of all. */
export interface Sparsity {
  readonly sparsity: number;
  readonly parameters: readonly { readonly id: Id; readonly sparsity: number }[];
}

export function sparsityOf(model: Model, ids: readonly Id[]): Sparsity {
  let held = 0;
  let all = 0;
  const parameters = ids.map((id) => {
    const { tensor: value, mask } = model.parameters.get(id)!;
    const zeros = mask ? mask.data.reduce((count, x) => count + (x === 0 ? 1 : 0), 0) : 0;
    held += zeros;
    all += value.data.length;
    return { id, sparsity: zeros / value.data.length };
  });
  return { sparsity: all === 0 ? 0 : held / all, parameters };
}
