import type { Random } from '@whittle/core';
import type { Dataset } from './dataset.js';
import { subset } from './dataset.js';
import { datasetError, expectInteger } from './errors.js';

export interface SplitOptions {
  /** Whether each part has the classes in the proportions of the whole, to within two examples a class; false unless told. */
  readonly stratified?: boolean;
}

/**
 * Splits a data set at random into disjoint parts of the given numbers of examples, named '<data set>/<part>':
 * `split(digits, { train: 7000, validation: 1000, test: 2000 }, random)`. Draws from `random.at('split')`; examples left
 * over are in no part.
 * @throws OPTION_INVALID where the parts take more examples than there are
 */
export function split<Part extends string>(
  dataset: Dataset,
  parts: Readonly<Record<Part, number>>,
  random: Random,
  options: SplitOptions = {},
): Record<Part, Dataset> {
  const sizes = Object.entries<number>(parts);
  for (const [part, size] of sizes) expectInteger(`part '${part}'`, size, 0);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (total > dataset.count)
    throw datasetError(
      'OPTION_INVALID',
      `${dataset.name}: parts of ${total} examples in all, but there are ${dataset.count}`,
    );
  const shuffled = random.at('split').permutation(dataset.count);
  const order = options.stratified ? interleaveClasses(dataset.labels, shuffled) : shuffled;
  let start = 0;
  const entries = sizes.map(([part, size]) => {
    const indices = order.subarray(start, (start += size));
    return [part, subset(dataset, indices, `${dataset.name}/${part}`)];
  });
  return Object.fromEntries(entries) as Record<Part, Dataset>;
}

/** Spreads the examples of each class evenly, so that any run of them has every class in proportion. */
function interleaveClasses(labels: Int32Array, order: Int32Array): Int32Array {
  const totals = new Map<number, number>();
  for (const label of labels) totals.set(label, (totals.get(label) ?? 0) + 1);
  const seen = new Map<number, number>();
  const places = Array.from(order, (index) => {
    const label = labels[index];
    const rank = seen.get(label) ?? 0;
    seen.set(label, rank + 1);
    return { index, place: (rank + 0.5) / totals.get(label)! };
  });
  return Int32Array.from(
    places.sort((a, b) => a.place - b.place),
    ({ index }) => index,
  );
}
