import { consumers, leaves } from '@whittle/core';
import type { ChannelGroup, Id, Model, Node } from '@whittle/core';
import { filterSlots } from './filters.js';

/** A computed value's axis of channels. */
export interface ValueSlot {
  readonly value: Id;
  readonly axis: number;
  /** Position in `group.slots`. */
  readonly slot: number;
}

/**
 * Where a group's channels come from: for each layer that computes them its output, or what a norm and an activation behind
 * it make of that. With all of these zero the channel is gone, also where residual additions couple several.
 */
export function sourceValues(model: Model, group: ChannelGroup): ValueSlot[] {
  const slots = new Map(group.slots.map((slot, i) => [slot.value, { ...slot, slot: i }]));
  const filters = new Set(filterSlots(model, group).map(({ id }) => id));
  const users = consumers(model);
  const ends = leaves(model);
  const found = model.nodes
    .filter((node) => node.inputs.some((id) => filters.has(id)))
    .map((node) => {
      let [value] = node.outputs;
      for (;;) {
        const [next, ...others] = users.get(value) ?? [];
        if (!next || others.length > 0 || ends.has(value) || !isChained(model, next, value)) return value;
        if (!slots.has(next.outputs[0])) return value;
        [value] = next.outputs;
      }
    });
  return [...new Set(found)].flatMap((value) => slots.get(value) ?? []);
}

/** Whether a node makes one value of another, element by element or normalized, and of nothing else that is computed. */
function isChained(model: Model, { op, inputs, outputs }: Node, value: Id): boolean {
  const [from, to] = [model.values.get(value)!, model.values.get(outputs[0])!];
  return (
    !op.linear &&
    outputs.length === 1 &&
    inputs.every((id) => id === value || model.parameters.has(id)) &&
    from.shape.length === to.shape.length &&
    from.shape.every((dim, i) => dim === to.shape[i])
  );
}
