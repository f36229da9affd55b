import type { Id } from '@whittle/core';
import { isOp, add, sub, typeOf, concrete } from '@whittle/core';
import type { KernelContext } from '@whittle/kernel-api';
import { layOut, stripedStep, wholeStep } from './layout.js';
import type { Layout, StepPlan } from './layout.js';
import type { NodeKernels } from './lower-nodes.js';
import type { Segment } from './stripes.js';

/** Nodes that one segment may have. */
const LONGEST = 8;
/** Rows of a stripe's output that are tried. */
const HEIGHTS = [1, 2, 4, 8, 16];
/** Output pixels of a stripe from which its calls hardly show. */
const FAST_PIXELS = 64;
/** Segments that a plan may be given, one after another. */
const ROUNDS = 8;

/**
 * Which nodes are computed stripe by stripe, so that what lies between them never is whole. For RAM any chain of nodes
 * that lowers the peak; for speed only a layer with the sum that takes its output in, which costs next to nothing; for
 * flash none. Greedy: the segment that lowers the arena the most, as long as there is one.
 */
export function chooseSegments(kernels: NodeKernels, { optimize }: KernelContext): Layout {
  const { nodes } = kernels.model;
  let best = layOut(
    kernels,
    nodes.map((_, node) => wholeStep(kernels, node)),
    optimize !== 'flash',
  );
  if (optimize !== 'flash') {
    const candidates = segments(kernels, optimize === 'ram').flatMap((segment) => {
      const step = stripedStep(kernels, segment);
      return step ? [step] : [];
    });
    for (let round = 0; round < ROUNDS && candidates.length > 0; round++) {
      const better = bestWith(kernels, best, candidates);
      if (!better) break;
      best = better;
    }
    best = layOut(kernels, best.steps);
  }
  return best;
}

function bestWith(
  kernels: NodeKernels,
  current: Layout,
  candidates: readonly StepPlan[],
): Layout | undefined {
  let best: Layout | undefined;
  for (const candidate of candidates) {
    const steps = replaced(kernels, current.steps, candidate);
    if (!steps) continue;
    const layout = layOut(kernels, steps, true);
    if (layout.memory.totalBytes < (best ?? current).memory.totalBytes) best = layout;
  }
  return best;
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
  const outputs = new Set(model.outputs.map(({ id }) => id));
  const found: Segment[] = [];
  for (let first = 0; first < model.nodes.length; first++)
    for (let last = first + 1; last < Math.min(model.nodes.length, first + LONGEST); last++) {
      const inner = model.nodes.slice(first, last).flatMap((node) => node.outputs);
      const inside = inner.every(
        (id) => !outputs.has(id) && users.get(id)?.every((node) => node > first && node <= last),
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
