import type { RankedGroup } from '@whittle/channel-pruning';
import { isOp, relu, relu0To1, relu6 } from '@whittle/core';
import type { ChannelGroup, FusedActivation, Model, Node } from '@whittle/core';
import { evidenceBatches } from './evidence.js';
import type { Evidence } from './evidence.js';
import { forEachElement } from './filters.js';

/**
 * Ranks channels by how often they are active: 1 - APoZ, where APoZ is the share of zeros among what a rectifier makes of the
 * channel, over all examples and positions (network trimming, Hu et al. 2016, equation 1). Where several rectifiers see the
 * channels it is their mean. Groups that none sees are left out.
 * @throws DATASET_INVALID where there is no batch, SHAPE_MISMATCH, ABORTED
 */
export async function rankByZeroActivations(
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
): Promise<RankedGroup[]> {
  const seen = groups
    .map((group) => ({ group, slots: rectifiedSlots(model, group) }))
    .filter(({ slots }) => slots.length > 0)
    .map((each) => ({ ...each, shares: new Float64Array(each.group.channels.length) }));
  const fetch = [...new Set(seen.flatMap(({ slots }) => slots.map(({ value }) => value)))];
  let examples = 0;
  for await (const { inputs } of evidenceBatches(evidence)) {
    if (fetch.length === 0) break;
    const feeds = new Map(model.inputs.map(({ id }, i) => [id, inputs[i]]));
    const values = await evidence.evaluator.run(model, feeds, fetch);
    const count = inputs[0].shape[0];
    examples += count;
    for (const { group, slots, shares } of seen)
      for (const { value, axis, slot } of slots) {
        const tensor = values.get(value)!;
        group.channels.forEach(({ indices }, channel) => {
          let active = 0;
          let total = 0;
          forEachElement(tensor, axis, indices[slot], (position) => {
            if (Number(tensor.data[position]) !== 0) active++;
            total++;
          });
          shares[channel] += ((active / total) * count) / slots.length;
        });
      }
  }
  return seen.map(({ group, shares }) => ({ group, importance: shares.map((share) => share / examples) }));
}

function rectifiedSlots(model: Model, group: ChannelGroup) {
  const rectified = new Set(model.nodes.filter(rectifies).map(({ outputs: [id] }) => id));
  return group.slots.flatMap(({ value, axis }, slot) =>
    rectified.has(value) ? [{ value, axis, slot }] : [],
  );
}

function rectifies(node: Node): boolean {
  const { activation } = node.attributes as { activation?: FusedActivation };
  const isRectifier = [relu, relu6, relu0To1].some((op) => isOp(node, op));
  return isRectifier || activation === 'relu' || activation === 'relu6';
}
