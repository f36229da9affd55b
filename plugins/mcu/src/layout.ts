import type { Id } from '@whittle/core';
import type { KernelPlan } from '@whittle/kernel-api';
import type { NodeKernels } from './lower-nodes.js';
import { leastMemory, planMemory } from './plan-memory.js';
import type { MemoryPlan } from './plan-memory.js';
import type { ProgramBuffer } from './program.js';
import { assignStorage } from './storage.js';
import type { Segment, StripeSchedule } from './stripes.js';

/** Every buffer of the arena starts at a multiple of this: the kernels read words, and floats lie there too. */
export const ARENA_ALIGNMENT = 4;

/** Nodes that a step computes: one as a whole, or a segment in stripes. */
export interface StepPlan {
  readonly first: number;
  readonly last: number;
  /** Of the last node; in stripes, of its tallest one. */
  readonly plan: KernelPlan;
  readonly scratchBytes: number;
  readonly stripes?: {
    readonly schedule: StripeSchedule;
    readonly plans: readonly (readonly KernelPlan[])[];
  };
}

export interface Layout {
  readonly kernels: NodeKernels;
  readonly steps: readonly StepPlan[];
  readonly buffers: readonly ProgramBuffer[];
  readonly memory: MemoryPlan;
  /** Of each step. */
  readonly scratch: readonly number[];
  /** Of the values that never are whole. */
  readonly rowBuffers: ReadonlyMap<Id, number>;
  readonly states: StateLayout;
}

/** What becomes of the states. */
export interface StateLayout {
  /** Steps that append to a state, and those that a move at the end stands for. */
  readonly appended: ReadonlySet<number>;
  readonly skipped: ReadonlySet<number>;
  /** Moves after the last step, in order. */
  readonly moves: readonly PlacedMove[];
  /** Model outputs that lie elsewhere after an inference than during it. */
  readonly outputs: ReadonlyMap<Id, number>;
}

/** Bytes of a parameter, or from somewhere in the arena, that go to an offset in it. */
export interface PlacedMove {
  readonly from: { readonly parameter: Id } | { readonly offset: number };
  readonly to: number;
  readonly bytes: number;
}

/** A node as a whole. */
export function wholeStep({ plans }: NodeKernels, node: number): StepPlan {
  return { first: node, last: node, plan: plans[node], scratchBytes: plans[node].scratchBytes ?? 0 };
}

/** A segment in stripes; nothing where one of its nodes has no kernel for them. */
export function stripedStep(
  kernels: NodeKernels,
  segment: Segment,
  schedule: StripeSchedule,
): StepPlan | undefined {
  const plans: KernelPlan[][] = [];
  for (const { calls } of schedule.stripes) {
    const lowered = calls.map(({ node, view }) => kernels.stripe(node, view));
    if (lowered.some((plan) => plan === undefined)) return undefined;
    plans.push(lowered as KernelPlan[]);
  }
  const all = plans.flat();
  const { first, last } = segment;
  const [plan] = plans[0].slice(-1);
  return {
    first,
    last,
    plan,
    scratchBytes: Math.max(...all.map(({ scratchBytes = 0 }) => scratchBytes)),
    stripes: { schedule, plans },
  };
}

/** Plans tensors, rows and scratch together. */
export function layOut(kernels: NodeKernels, steps: readonly StepPlan[]): Layout {
  const { requests, overlaps, scratch, rows, index, states } = requestsOf(kernels, steps);
  const memory = planMemory(requests, ARENA_ALIGNMENT, overlaps);
  const buffers = requests.map(({ values, bytes, first, last }, i): ProgramBuffer => ({
    values,
    bytes,
    first,
    last,
    offset: memory.offsets[i],
  }));
  const offset = (request: number | undefined) => (request === undefined ? 0 : memory.offsets[request]);
  return {
    kernels,
    steps,
    buffers,
    memory,
    scratch: steps.map((_, step) => offset(scratch.get(step))),
    rowBuffers: new Map([...rows].map(([id, request]) => [id, offset(request)])),
    states: {
      ...states,
      moves: states.moves.map(({ from, to, bytes }) => ({
        from: 'storage' in from ? { offset: offset(index.get(from.storage)) + from.offset } : from,
        to: offset(index.get(to)),
        bytes,
      })),
      outputs: new Map([...states.outputs].map(([id, storage]) => [id, offset(index.get(storage))])),
    },
  };
}

/** What each step needs at least, as a quick estimate of what `layOut` would find. */
export function stepNeeds(kernels: NodeKernels, steps: readonly StepPlan[]): number[] {
  const { requests, overlaps } = requestsOf(kernels, steps);
  return leastMemory(requests, ARENA_ALIGNMENT, overlaps, steps.length);
}

type ArenaRequest = Omit<ProgramBuffer, 'offset'>;

/** Everything that needs memory, with the indices of each step's scratch and of each value that never is whole. */
function requestsOf(kernels: NodeKernels, steps: readonly StepPlan[]) {
  const { storages, overlaps, states } = assignStorage(
    kernels.model,
    steps.map(({ last, plan, stripes }) => ({ last, plan, schedule: stripes?.schedule })),
  );
  const requests: ArenaRequest[] = [...storages];
  const scratch = new Map<number, number>();
  const rows = new Map<Id, number>();
  steps.forEach(({ scratchBytes, stripes }, step) => {
    const during = { first: step, last: step };
    if (scratchBytes > 0)
      scratch.set(step, requests.push({ values: [], bytes: scratchBytes, ...during }) - 1);
    for (const [id, bytes] of stripes?.schedule.buffers ?? [])
      rows.set(id, requests.push({ values: [id], bytes, ...during }) - 1);
  });
  const index = new Map(storages.map((storage, i) => [storage, i]));
  const allowed = overlaps.map(({ lower, upper, distance }) => ({
    lower: index.get(lower)!,
    upper: index.get(upper)!,
    distance,
  }));
  return { requests, overlaps: allowed, scratch, rows, index, states };
}
