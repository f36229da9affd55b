import type { Id } from '@whittle/core';
import { isOp, add, leaves, sub, typeOf, concrete } from '@whittle/core';
import type { KernelContext } from '@whittle/kernel-api';
import { layOut, stepNeeds, stripedStep, wholeStep } from './layout.js';
import type { Layout, StepPlan } from './layout.js';
import type { NodeKernels } from './lower-nodes.js';
import { bytesOf } from './storage.js';
import { scheduleStripes } from './stripes.js';
import type { Segment, StripeSchedule } from './stripes.js';

/** Nodes that one segment may have: a greedy choice is made with each, for long segments can stand in the way of better ones. */
const LENGTHS = [3, 5, 8, 12];
/** Rows of a stripe's output that are tried. */
const HEIGHTS = [1, 2, 4, 8, 16];
/** Output pixels of a stripe from which its calls hardly show. */
const FAST_PIXELS = 64;
/** Of the arena, what stripes must save where speed comes first: they cost instructions, if few. */
const WORTHWHILE = 1 / 8;
/** Segments that a plan may be given, one after another. */
const ROUNDS = 64;

/**
 * Which nodes are computed stripe by stripe, so that what lies between them never is whole. For RAM any chain of nodes
 * that lowers the peak; for speed only a layer with the sum that takes its output in, where it saves an eighth of the
 * arena; for flash none. Greedy: the segment that lowers the needs of the steps the most, largest need first, as long as there is one.
 */
export function chooseSegments(kernels: NodeKernels, { optimize }: KernelContext): Layout {
  const whole = kernels.model.nodes.map((_, node) => wholeStep(kernels, node));
  const plain = layOut(kernels, whole);
  if (optimize === 'flash' || whole.length === 0) return plain;
  const candidates = new Candidates(kernels, optimize === 'ram');
  const start: Choice = { steps: whole, needs: stepNeeds(kernels, whole) };
  let best = start;
  for (const longest of optimize === 'ram' ? LENGTHS : [2]) {
    const choice = chooseGreedily(kernels, start, candidates, longest);
    if (isLess(choice.needs, best.needs)) best = choice;
  }
  if (best === start) return plain;
  const striped = layOut(kernels, best.steps);
  const [before, after] = [plain, striped].map(({ memory }) => memory.totalBytes);
  return after < (optimize === 'ram' ? before : before * (1 - WORTHWHILE)) ? striped : plain;
}

function chooseGreedily(
  kernels: NodeKernels,
  start: Choice,
  candidates: Candidates,
  longest: number,
): Choice {
  let current = start;
  for (let round = 0; round < ROUNDS; round++) {
    const better = bestWith(kernels, current, candidates, longest);
    if (!better) break;
    current = better;
  }
  return current;
}

/** Steps with the bytes that each of them needs. */
interface Choice {
  readonly steps: readonly StepPlan[];
  readonly needs: readonly number[];
}

/** The best choice with one more segment, which covers the step of the largest need. */
function bestWith(
  kernels: NodeKernels,
  current: Choice,
  candidates: Candidates,
  longest: number,
): Choice | undefined {
  const peak = current.needs.indexOf(Math.max(...current.needs));
  let best = current;
  for (const segment of candidates.meeting(current.steps[peak], longest)) {
    if (candidates.leastNeed(segment) > Math.max(...best.needs)) continue;
    const candidate = candidates.step(segment);
    const steps = candidate && replaced(kernels, current.steps, candidate);
    if (!steps) continue;
    const choice = { steps, needs: stepNeeds(kernels, steps) };
    if (isLess(choice.needs, best.needs)) best = choice;
  }
  return best === current ? undefined : best;
}

/** Whether the largest need is smaller, or, where that is the same, the next one, and so on. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const descending = (needs: readonly number[]) => [...needs].sort((x, y) => y - x);
  const [left, right] = [descending(a), descending(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Segments that could be taken, each lowered when it is first asked for. */
class Candidates {
  readonly #kernels: NodeKernels;
  readonly #segments: readonly Segment[];
  readonly #schedules = new Map<Segment, StripeSchedule | undefined>();
  readonly #steps = new Map<Segment, StepPlan | undefined>();

  constructor(kernels: NodeKernels, any: boolean) {
    this.#kernels = kernels;
    this.#segments = segments(kernels, any);
  }

  /** Those of up to `longest` nodes that share one with a step. */
  meeting({ first, last }: StepPlan, longest: number): Segment[] {
    return this.#segments
      .filter((segment) => segment.first <= last && first <= segment.last)
      .filter((segment) => segment.last - segment.first < longest);
  }

  /** What a segment needs without scratch: its rows, and the output, on which its inputs may lie. */
  leastNeed(segment: Segment): number {
    const schedule = this.#schedule(segment);
    if (!schedule) return Infinity;
    const { model } = this.#kernels;
    const rows = [...schedule.buffers.values()].reduce((sum, bytes) => sum + bytes, 0);
    return rows + bytesOf(typeOf(model, model.nodes[segment.last].outputs[0]));
  }

  /** Nothing where one of the nodes can't be computed in stripes. */
  step(segment: Segment): StepPlan | undefined {
    const schedule = this.#schedule(segment);
    if (schedule && !this.#steps.has(segment))
      this.#steps.set(segment, stripedStep(this.#kernels, segment, schedule));
    return this.#steps.get(segment);
  }

  #schedule(segment: Segment): StripeSchedule | undefined {
    if (!this.#schedules.has(segment))
      this.#schedules.set(segment, scheduleStripes(this.#kernels.model, segment));
    return this.#schedules.get(segment);
  }
}

/** The steps with those that a candidate covers replaced by it; nothing where it cuts a striped one, or is there already. */
function replaced(
  kernels: NodeKernels,
  steps: readonly StepPlan[],
  candidate: StepPlan,
): StepPlan[] | undefined {
  const { first, last } = candidate;
  if (steps.includes(candidate)) return undefined;
  const meets = (step: StepPlan) => step.first <= last && first <= step.last;
  const result: StepPlan[] = [];
  for (const step of steps) {
    if (!meets(step)) result.push(step);
    else {
      // What sticks out of the candidate is computed as a whole again.
      for (let node = step.first; node < first; node++) result.push(wholeStep(kernels, node));
      if (!result.includes(candidate)) result.push(candidate);
      for (let node = Math.max(last + 1, step.first); node <= step.last; node++)
        result.push(wholeStep(kernels, node));
    }
  }
  return result;
}

/** Consecutive nodes with one way out, in stripes of several heights. */
function segments({ model }: NodeKernels, any: boolean): Segment[] {
  const users = new Map<Id, number[]>();
  model.nodes.forEach(({ inputs }, node) => {
    for (const id of inputs) users.set(id, [...(users.get(id) ?? []), node]);
  });
  const kept = leaves(model);
  const found: Segment[] = [];
  for (let first = 0; first < model.nodes.length; first++)
    for (let last = first + 1; last < Math.min(model.nodes.length, first + Math.max(...LENGTHS)); last++) {
      const inner = model.nodes.slice(first, last).flatMap((node) => node.outputs);
      const inside = inner.every(
        (id) => !kept.has(id) && users.get(id)?.every((node) => node > first && node <= last),
      );
      if (!inside) continue;
      const type = typeOf(model, model.nodes[last].outputs[0]);
      if (type.shape.length !== 4) continue;
      const [, height, width] = concrete(type.shape);
      const isSum = last === first + 1 && [add, sub].some((op) => isOp(model.nodes[last], op));
      if (any) found.push(...HEIGHTS.filter((rows) => rows < height).map((rows) => ({ first, last, rows })));
      else if (isSum) {
        const rows = 2 * Math.ceil(FAST_PIXELS / width / 2);
        if (rows < height) found.push({ first, last, rows });
      }
    }
  return found;
}
