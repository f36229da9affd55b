import type { RankedGroup } from '@whittle/channel-pruning';
import type { ChannelGroup, Id, Model } from '@whittle/core';
import { crossEntropy, lossGradients } from '@whittle/train';
import type { LossGradients, Term } from '@whittle/train';
import type { Evidence } from './evidence.js';
import { filterSlots, forEachElement, parameterSlots } from './filters.js';
import type { ParameterSlot } from './filters.js';
import { sourceValues } from './source-values.js';

export interface TaylorOptions {
  /** The loss whose change is estimated; cross entropy unless told. */
  readonly terms?: readonly Term[];
  /** 'weights': of the filters (unless told); 'scales': of the norms' scales and offsets. */
  readonly of?: 'weights' | 'scales';
}

type GradientEvidence = Omit<Evidence, 'evaluator'>;

/**
 * Ranks channels by how much the loss changes, to first order, when what they hold becomes zero: the mean over examples of
 * | 1 / M sum over the M positions of (d loss / d z) z | (Molchanov et al. 2017, section 2.2). z is what a layer, with its norm
 * and activation, computes; where several compute a group's channels their sums add up, as all of them become zero.
 * The authors divide by the l2 norm over each layer: `normalizeImportance(ranked, 'l2')`. Groups without filters are left out.
 * @throws what `lossGradients` throws
 */
export async function rankByActivationTaylor(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: GradientEvidence,
  { terms = [crossEntropy()] }: Pick<TaylorOptions, 'terms'> = {},
): Promise<RankedGroup[]> {
  const judged = groups
    .map((group) => ({ group, sources: sourceValues(model, group) }))
    .filter(({ sources }) => sources.length > 0)
    .map((each) => ({ ...each, sums: new Float64Array(each.group.channels.length) }));
  if (judged.length === 0) return [];
  const values = [...new Set(judged.flatMap(({ sources }) => sources.map(({ value }) => value)))];
  let examples = 0;
  for await (const gradients of lossGradients(model, evidence.data, { ...evidence, terms, values })) {
    const count = gradients.batch.inputs[0].shape[0];
    examples += count;
    for (const { group, sources, sums } of judged)
      group.channels.forEach(({ indices }, channel) => {
        // The loss is a mean over the batch: one example's own loss has a gradient `count` times as large.
        const changes = new Float64Array(count);
        for (const { value, axis, slot } of sources)
          addChanges(changes, gradients.values.get(value)!, axis, indices[slot]);
        for (const change of changes) sums[channel] += Math.abs(change) * count;
      });
  }
  return judged.map(({ group, sums }) => ({ group, importance: sums.map((sum) => sum / examples) }));
}

function addChanges(
  changes: Float64Array,
  { value, gradient }: LossGradients['values'] extends ReadonlyMap<Id, infer V> ? V : never,
  axis: number,
  indices: readonly number[],
): void {
  const each = value.data.length / changes.length;
  const positions = (each / value.shape[axis]) * indices.length;
  forEachElement(value, axis, indices, (position) => {
    const change = Number(value.data[position]) * gradient.data[position];
    changes[Math.floor(position / each)] += change / positions;
  });
}

/**
 * Ranks channels by the squared first-order change of the loss when their weights become zero: the mean over batches of
 * (sum over s of g_s w_s)^2, s being the group's weights (Molchanov et al. 2019, section 3.1), of filters or of norms' scales
 * and offsets. It needs no normalization. Groups that have none of these are left out.
 * @throws what `lossGradients` throws
 */
export async function rankByWeightTaylor(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: GradientEvidence,
  { terms = [crossEntropy()], of = 'weights' }: TaylorOptions = {},
): Promise<RankedGroup[]> {
  const judged = groups
    .map((group) => ({ group, slots: weightsOf(model, group, of) }))
    .filter(({ slots }) => slots.length > 0)
    .map((each) => ({ ...each, sums: new Float64Array(each.group.channels.length) }));
  if (judged.length === 0) return [];
  const parameters = [...new Set(judged.flatMap(({ slots }) => slots.map(({ id }) => id)))];
  let batches = 0;
  for await (const gradients of lossGradients(model, evidence.data, { ...evidence, terms, parameters })) {
    batches++;
    for (const { group, slots, sums } of judged)
      group.channels.forEach(({ indices }, channel) => {
        let change = 0;
        for (const { id, axis, slot } of slots) {
          const weight = model.parameters.get(id)!.tensor;
          const gradient = gradients.parameters.get(id)!;
          forEachElement(weight, axis, indices[slot], (position) => {
            change += Number(weight.data[position]) * gradient.data[position];
          });
        }
        sums[channel] += change ** 2;
      });
  }
  return judged.map(({ group, sums }) => ({ group, importance: sums.map((sum) => sum / batches) }));
}

function weightsOf(model: Model, group: ChannelGroup, of: 'weights' | 'scales'): ParameterSlot[] {
  if (of === 'weights') return filterSlots(model, group);
  return [...parameterSlots(model, group, 'scale'), ...parameterSlots(model, group, 'offset')];
}
