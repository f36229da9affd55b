import { concrete, liveRanges, sizeOf, bitsOf, typeOf } from '@whittle/core';
import type { Id, Model, ValueType } from '@whittle/core';
import type { KernelPlan } from '@whittle/kernel-api';
import { orderMoves, storeStates } from './state-storage.js';
import type { StripeSchedule } from './stripes.js';

/** Values that lie at the same place: one value, with its views and whatever replaces it in place. */
export interface Storage {
  readonly values: Id[];
  bytes: number;
  /** Steps, as in `ProgramBuffer`. */
  first: number;
  last: number;
}

/** Storage that may begin `distance` bytes before another, or more, and overlap it. */
export interface StorageOverlap {
  readonly lower: Storage;
  readonly upper: Storage;
  readonly distance: number;
}

/** What a step computes: node `last` of the model as a whole, or a segment that ends with it in stripes. */
export interface StorageStep {
  readonly last: number;
  /** Of the last node. */
  readonly plan: KernelPlan;
  readonly schedule?: StripeSchedule;
}

/** Bytes of a value in the arena. */
export function bytesOf(type: ValueType): number {
  return Math.ceil((sizeOf(concrete(type.shape)) * bitsOf(type.dtype)) / 8);
}

/** Where values lie while storage is assigned. */
export interface StorageMap {
  readonly model: Model;
  readonly steps: readonly StorageStep[];
  /** The step that computes each node. */
  readonly stepOf: readonly number[];
  readonly storageOf: Map<Id, Storage>;
}

/**
 * Which values share memory. Views always do. States have memory of their own. An output takes its input's place where the
 * kernel allows it, both have the same size, nothing reads the input later, and no other operand of the step lies there
 * unless the kernel allows that too. Where kernels allow less, the two may overlap.
 */
export function assignStorage(model: Model, steps: readonly StorageStep[]) {
  const storageOf = new Map<Id, Storage>();
  const stepOf = stepsOfNodes(model, steps);
  const map: StorageMap = { model, steps, stepOf, storageOf };
  const never = new Set(steps.flatMap(({ schedule }) => [...(schedule?.buffers.keys() ?? [])]));
  for (const { id, first, last } of liveRanges(model))
    if (!never.has(id))
      storageOf.set(id, {
        values: [id],
        bytes: bytesOf(typeOf(model, id)),
        first: first < 0 ? first : stepOf[first],
        last: last < 0 ? last : last < model.nodes.length ? stepOf[last] : steps.length,
      });
  steps.forEach(({ plan, last }) => {
    const { inputs, outputs } = model.nodes[last];
    if (plan.view) merge(map, storageOf.get(inputs[0])!, storageOf.get(outputs[0])!);
  });
  const states = storeStates(map);
  const wanted: (Leave & { readonly step: number })[] = [];
  steps.forEach((step, i) => {
    if (states.skipped.has(i)) return;
    const { inputs, outputs } = model.nodes[step.last];
    const leaves = leavesOf(step, inputs);
    for (const leave of leaves) {
      const from = storageOf.get(leave.input);
      const to = storageOf.get(outputs[leave.output])!;
      if (!from || from === to || from.last !== i || to.first !== i) continue;
      const others = operandsOf(map, i).filter(
        (id) => storageOf.get(id) === from && !leaves.some((l) => l.input === id),
      );
      if (others.length > 0) continue;
      if (leave.distance !== undefined) wanted.push({ ...leave, step: i });
      else if (from.bytes === to.bytes) {
        merge(map, from, to);
        break;
      }
    }
  });
  const overlaps = wanted.flatMap(({ input, output, distance = 0, step }): StorageOverlap[] => {
    const upper = storageOf.get(input)!;
    const lower = storageOf.get(model.nodes[steps[step].last].outputs[output])!;
    // Values that have joined either since then may be needed at the same step.
    const apart = upper !== lower && upper.last === step && lower.first === step;
    return apart ? [{ lower, upper, distance }] : [];
  });
  const { appended, skipped, outputs } = states;
  const { ordered, spare } = orderMoves(map, states.moves);
  return {
    storages: [...new Set(storageOf.values()), ...outputs.values(), ...spare],
    overlaps,
    states: { appended, skipped, outputs, moves: ordered },
  };
}

/** Lets values lie where others do. */
export function merge({ storageOf }: StorageMap, into: Storage, from: Storage): void {
  if (into === from) return;
  into.values.push(...from.values);
  into.first = Math.min(into.first, from.first);
  into.last = Math.max(into.last, from.last);
  for (const id of from.values) storageOf.set(id, into);
}

/** What the nodes of a step read. */
export function operandsOf({ model, stepOf }: StorageMap, step: number): Id[] {
  return model.nodes.flatMap((node, n) => (stepOf[n] === step ? node.inputs : []));
}

function stepsOfNodes(model: Model, steps: readonly StorageStep[]): number[] {
  let step = 0;
  return model.nodes.map((_, node) => {
    while (steps[step].last < node) step++;
    return step;
  });
}

/** An operand that an output may replace, or, with a distance, overlap. */
export interface Leave {
  readonly input: Id;
  readonly output: number;
  readonly distance?: number;
}

/** The operands that the last node of a step lets its outputs replace. */
export function leavesOf({ plan, schedule }: StorageStep, inputs: readonly Id[]): Leave[] {
  const inPlace = (plan.inPlace ?? []).map(({ input, output }) => ({ input: inputs[input], output }));
  if (!schedule) {
    const overlap = (plan.overlap ?? []).map((pair) => ({ ...pair, input: inputs[pair.input] }));
    return [...inPlace, ...overlap];
  }
  return [...schedule.distances].flatMap(([input, distance]): Leave[] => {
    if (!inputs.includes(input)) return [{ input, output: 0, distance: Math.max(0, distance) }];
    return distance <= 0 && inPlace.some((pair) => pair.input === input) ? [{ input, output: 0 }] : [];
  });
}
