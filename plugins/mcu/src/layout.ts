import type { Id } from '@whittle/core';
import type { KernelPlan } from '@whittle/kernel-api';
import type { NodeKernels } from './lower-nodes.js';
import { planMemory } from './plan-memory.js';
import type { MemoryPlan } from './plan-memory.js';
import type { ProgramBuffer } from './program.js';
import { assignStorage } from './storage.js';
import { scheduleStripes } from './stripes.js';
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
}

/** A node as a whole. */
export function wholeStep({ plans }: NodeKernels, node: number): StepPlan {
  return { first: node, last: node, plan: plans[node], scratchBytes: plans[node].scratchBytes ?? 0 };
}

/** A segment in stripes; nothing where one of its nodes can't be computed so. */
export function stripedStep(kernels: NodeKernels, segment: Segment): StepPlan | undefined {
  const schedule = scheduleStripes(kernels.model, segment);
  if (!schedule) return undefined;
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

/** Plans tensors, rows and scratch together. `quick` leaves out the search for the best plan. */
export function layOut(kernels: NodeKernels, steps: readonly StepPlan[], quick = false): Layout {
  const { storages, overlaps } = assignStorage(
    kernels.model,
    steps.map(({ last, plan, stripes }) => ({ last, plan, schedule: stripes?.schedule })),
  );
  const scratchRequests = steps.flatMap(({ scratchBytes }, step) =>
    scratchBytes > 0 ? [{ values: [], bytes: scratchBytes, first: step, last: step }] : [],
  );
  const rowRequests = steps.flatMap(({ stripes }, step) =>
    [...(stripes?.schedule.buffers ?? [])].map(([id, bytes]) => ({
      id,
      values: [id],
      bytes,
      first: step,
      last: step,
    })),
  );
  const requests = [...storages, ...scratchRequests, ...rowRequests];
  const index = new Map(storages.map((storage, i) => [storage, i]));
  const memory = planMemory(
    requests,
    ARENA_ALIGNMENT,
    overlaps.map(({ lower, upper, distance }) => ({
      lower: index.get(lower)!,
      upper: index.get(upper)!,
      distance,
    })),
    quick,
  );
  const buffers = requests.map(({ values, bytes, first, last }, i): ProgramBuffer => ({
    values,
    bytes,
    first,
    last,
    offset: memory.offsets[i],
  }));
  const offsetOf = new Map<object, number>(requests.map((request, i) => [request, memory.offsets[i]]));
  return {
    kernels,
    steps,
    buffers,
    memory,
    scratch: steps.map((_, step) => {
      const request = scratchRequests.find(({ first }) => first === step);
      return request ? offsetOf.get(request)! : 0;
    }),
    rowBuffers: new Map(rowRequests.map((request) => [request.id, offsetOf.get(request)!])),
  };
}
