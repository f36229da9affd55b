import { WhittleError } from './errors.js';
import type { Feeds } from './evaluator.js';
import type { Id, Model } from './model.js';
import { concrete, formatShape, formatType, typeOf } from './model.js';
import type { Tensor, TypedArray } from './tensor.js';
import { tensor } from './tensor.js';

/**
 * How many inferences feeds hold: the first extent of each may be any multiple of the model's own (1 for a free batch).
 * @throws SHAPE_MISMATCH where a feed is missing or doesn't fit
 */
export function countInferences(model: Model, feeds: Feeds): number {
  let inferences: number | undefined;
  for (const { id } of model.inputs) {
    const type = typeOf(model, id);
    const feed = feeds.get(id);
    if (!feed) throw new WhittleError('SHAPE_MISMATCH', `input '${id}' is not fed`);
    const [first, ...rest] = concrete(type.shape);
    const times = feed.shape[0] / first;
    inferences ??= times;
    const fits =
      feed.dtype === type.dtype &&
      Number.isInteger(times) &&
      times === inferences &&
      feed.shape.length === type.shape.length &&
      rest.every((dim, i) => dim === feed.shape[i + 1]);
    if (!fits)
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `input '${id}' takes ${formatType(type)} ${inferences} time(s), found ${feed.dtype}${formatShape(feed.shape)}`,
      );
  }
  return inferences ?? 1;
}

/** The elements that belong to one of several inferences: a view. */
export function inferencePart(data: TypedArray, index: number, inferences: number): TypedArray {
  const size = data.length / inferences;
  return data.subarray(index * size, (index + 1) * size);
}

/**
 * A zeroed tensor for a value of several inferences, one after the other along axis 0. A parameter is the same in all of
 * them, but comes once for each, like any other value.
 */
export function resultTensor(model: Model, id: Id, inferences: number): Tensor {
  const { dtype, shape, quantization } = typeOf(model, id);
  const [first = 1, ...rest] = concrete(shape);
  const full = shape.length === 0 && inferences === 1 ? [] : [first * inferences, ...rest];
  return tensor(dtype, full, undefined, quantization);
}
