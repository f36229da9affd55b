import { definePass } from '@whittle/core';
import type { Id, Model, Parameter } from '@whittle/core';
import { z } from 'zod';
import { maskableWeights, sparsityOf, withMasks } from './weight-masks.js';

/** Masks of the smallest weights: a share of each parameter's elements, or of all of them by one threshold. */
export function magnitudeMasks(
  weights: readonly Parameter[],
  sparsity: number,
  scope: 'layer' | 'global',
): Map<Id, Uint8Array> {
  const lists = scope === 'layer' ? weights.map((weight) => [weight]) : [weights];
  return new Map(lists.flatMap((list) => smallest(list, sparsity)));
}

function smallest(weights: readonly Parameter[], sparsity: number): [Id, Uint8Array][] {
  const sizes = weights.map(({ tensor }) => tensor.data.length);
  const magnitudes = new Float64Array(sizes.reduce((a, b) => a + b, 0));
  let at = 0;
  for (const { tensor, mask } of weights)
    for (let i = 0; i < tensor.data.length; i++)
      magnitudes[at++] = mask?.data[i] === 0 ? -1 : Math.abs(Number(tensor.data[i]));
  // What was masked before comes first; equals go in order of their place.
  const order = Uint32Array.from(magnitudes, (_, i) => i).sort(
    (a, b) => magnitudes[a] - magnitudes[b] || a - b,
  );
  const kept = new Uint8Array(magnitudes.length).fill(1);
  for (const i of order.subarray(0, Math.round(magnitudes.length * sparsity))) kept[i] = 0;
  at = 0;
  return weights.map(({ id }, i) => [id, kept.slice(at, (at += sizes[i]))]);
}

/** Masks of what is below so many standard deviations of each parameter (Han et al. 2015, section 3.1). */
export function deviationMasks(weights: readonly Parameter[], deviations: number): Map<Id, Uint8Array> {
  return new Map(
    weights.map(({ id, tensor }) => {
      const data = tensor.data as Float32Array;
      const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
      const deviation = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
      return [id, Uint8Array.from(data, (x) => (Math.abs(x) < deviations * deviation ? 0 : 1))];
    }),
  );
}

/** The goals of `maskWeights`: exactly one is given. */
const goals = {
  /** Share of the weights that is zero afterwards, 0 to 1; what masks already hold counts. */
  sparsity: z.number().min(0).max(1).optional(),
  /** Weights below so many standard deviations of their layer go. */
  deviations: z.number().min(0).optional(),
};

export const maskWeightsOptions = z
  .object({
    ...goals,
    /** Whether `sparsity` is that of each layer, or one threshold is taken over all. */
    scope: z.enum(['layer', 'global']).default('layer'),
    /** Ids of weights that stay whole; `*` stands for any characters. */
    exclude: z.array(z.string()).default([]),
  })
  .strict()
  .refine(({ sparsity, deviations }) => (sparsity === undefined) !== (deviations === undefined), {
    message: 'exactly one of sparsity and deviations must be given',
    path: ['sparsity'],
  });

/**
 * Masks the smallest weights of linear layers. Masks are part of the model: training keeps masked weights at zero, so that
 * `repeat` of this pass and `train` is pruning and retraining (Han et al. 2015, section 3). Masks that are there stay.
 */
export const maskWeights = definePass({
  name: 'pruning/mask-weights',
  description: 'Masks the smallest weights, a share of them or those below a threshold',
  options: maskWeightsOptions,
  changes: ['weights'],
  run(model: Model, context, { sparsity, deviations, scope, exclude }) {
    const weights = maskableWeights(model, exclude);
    const masks =
      deviations === undefined
        ? magnitudeMasks(weights, sparsity!, scope)
        : deviationMasks(weights, deviations);
    const masked = withMasks(model, masks);
    const report = sparsityOf(
      masked,
      weights.map(({ id }) => id),
    );
    context.log(`pruning: ${(100 * report.sparsity).toFixed(1)}% of the weights are masked`);
    return { model: masked, report: { ...report } };
  },
});
