import { concrete, liveRanges, sizeOf, bitsOf, typeOf } from '@whittle/core';
import type { Id, Model, ValueType } from '@whittle/core';
import type { KernelPlan } from '@whittle/kernel-api';

/** Values that lie at the same place: one value, with its views and whatever replaces it in place. */
export interface Storage {
  readonly values: Id[];
  bytes: number;
  first: number;
  last: number;
}

/** Bytes of a value in the arena. */
export function bytesOf(type: ValueType): number {
  return Math.ceil((sizeOf(concrete(type.shape)) * bitsOf(type.dtype)) / 8);
}

/**
 * Which values share memory. Views always do. An output takes its input's place where the kernel allows it, both have the
 * same size, nothing reads the input later, and no other operand of the node lies there unless the kernel allows that too.
 */
export function assignStorage(model: Model, plans: readonly KernelPlan[]): Storage[] {
  const storageOf = new Map<Id, Storage>();
  for (const { id, first, last } of liveRanges(model))
    storageOf.set(id, { values: [id], bytes: bytesOf(typeOf(model, id)), first, last });
  const merge = (into: Storage, from: Storage) => {
    if (into === from) return;
    into.values.push(...from.values);
    into.first = Math.min(into.first, from.first);
    into.last = Math.max(into.last, from.last);
    for (const id of from.values) storageOf.set(id, into);
  };
  const storage = (id: Id) => storageOf.get(id);
  model.nodes.forEach((node, step) => {
    if (plans[step].view) merge(storage(node.inputs[0])!, storage(node.outputs[0])!);
  });
  model.nodes.forEach((node, step) => {
    for (const { input, output } of plans[step].inPlace ?? []) {
      const from = storage(node.inputs[input]);
      const to = storage(node.outputs[output])!;
      const allowed = (index: number) =>
        plans[step].inPlace?.some((pair) => pair.input === index && pair.output === output);
      const others = node.inputs.some((id, index) => storage(id) === from && !allowed(index));
      if (!from || others || from.last !== step || to.first !== step || from.bytes !== to.bytes) continue;
      merge(from, to);
      break;
    }
  });
  return [...new Set(storageOf.values())];
}
