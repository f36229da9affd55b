import { throwIfAborted, WhittleError } from '@whittle/core';
import type { Model } from '@whittle/core';
import { measureOf, toleranceOf } from './budget.js';
import type { Budget } from './budget.js';
import type { MetBudget } from './pruning-report.js';
import { searchCount } from './search-count.js';

/**
 * Takes as few of `most` channels as bring the model under its budget, measured on the models that are left.
 * @throws BUDGET_UNREACHABLE, with the least that there is; what the measure throws; ABORTED
 */
export async function meetBudget<P extends { readonly model: Model }>(
  model: Model,
  most: number,
  budget: Budget,
  prune: (count: number) => P,
  signal: AbortSignal,
): Promise<{ readonly pruned: P; readonly budget: MetBudget }> {
  const { name, unit, of } = measureOf(budget);
  const known = new Map<string, number>();
  const figureOf = async (measured: Model): Promise<number> => {
    throwIfAborted(signal);
    const key = shapesOf(measured);
    const figure = known.get(key) ?? (await of(measured));
    known.set(key, figure);
    return figure;
  };
  const before = await figureOf(model);
  const limit = budget.atMost ?? budget.share! * before;
  const attempt = async (count: number) => {
    const pruned = prune(count);
    return { pruned, figure: await figureOf(pruned.model) };
  };
  const found = await searchCount(most, limit, toleranceOf(budget), attempt);
  if (!found) {
    const least = (await attempt(most)).figure;
    throw new WhittleError(
      'BUDGET_UNREACHABLE',
      `option 'budget': at most ${limit} ${unit} (${name}) can't be reached: the model has ${before}, and ${least} at least within its limits`,
    );
  }
  const measurements = known.size;
  return { pruned: found.pruned, budget: { name, unit, limit, before, after: found.figure, measurements } };
}

/** What tells apart models that come from one by removal: the extents of their parameters. */
function shapesOf(model: Model): string {
  return [...model.parameters.values()].map(({ id, tensor }) => `${id} ${tensor.shape.join('x')}`).join();
}
