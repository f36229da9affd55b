import type { Id, Model } from '../model.js';
import { leaves } from '../traverse.js';

/** The steps during which a value must be kept. Step i computes node i; an input is there before step 0, as of -1. */
export interface LiveRange {
  readonly id: Id;
  /** The step that computes the value, or -1. */
  readonly first: number;
  /** The last step that reads it; the number of nodes where it leaves the model. */
  readonly last: number;
}

/**
 * When each activation (no parameter) lives, in the model's own order of execution. What a state was dies with its last
 * reader; the memory that takes its next value is there throughout.
 */
export function liveRanges(model: Model): LiveRange[] {
  const last = new Map<Id, number>();
  model.nodes.forEach((node, step) => node.inputs.forEach((id) => last.set(id, step)));
  for (const id of leaves(model)) last.set(id, model.nodes.length);
  const range = (id: Id, first: number): LiveRange => ({ id, first, last: last.get(id) ?? first });
  return [
    ...model.inputs.map(({ id }) => range(id, -1)),
    ...model.states.map((state) => range(state.in, -1)),
    ...model.nodes.flatMap((node, step) => node.outputs.map((id) => range(id, step))),
  ];
}
