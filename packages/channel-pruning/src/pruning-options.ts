import type { ChannelGroup } from '@whittle/core';
import { z } from 'zod';
import { budgetOption } from './budget.js';
import { fitsPattern } from './group-names.js';
import type { SelectionLimits } from './selection-limits.js';

const floor = z.number().int().min(1);
const share = z.number().min(0).max(1);
const multiple = z.number().int().min(1);

/** Options that decide how much goes: each pass is given exactly one. */
export const GOALS = ['ratio', 'uniform', 'budget'] as const;

/**
 * The options of every pass that prunes channels; a criterion adds its own:
 * `z.object({ ...pruningShape, samples: ... }).strict().superRefine(oneGoal)`.
 */
export const pruningShape = {
  /** Share of all ranked channels that goes, by one global threshold. */
  ratio: share.optional(),
  /** Share of each group's channels that goes, rounded down. */
  uniform: share.optional(),
  /** The most that the model may have of MACs, parameters, bytes, or what a function measures. */
  budget: budgetOption.optional(),
  /** Channels that stay in each group. */
  floor: floor.default(1),
  /** The largest share of one group that may go. */
  cap: share.default(1),
  /** Kept channels are rounded up to a multiple of this. */
  multiple: multiple.default(1),
  /**
   * Limits of some groups alone, by their names (their first value), in which `*` stands for any characters: `{ 'conv3*': {
   * floor: 8 } }`. Where several fit, the last one that has a limit counts.
   */
  limits: z
    .record(
      z.string(),
      z.object({ floor: floor.optional(), cap: share.optional(), multiple: multiple.optional() }).strict(),
    )
    .default({}),
  /** Names of groups that keep all channels; `*` stands for any characters. */
  exclude: z.array(z.string()).default([]),
  /**
   * What becomes of what removed channels still send on, relu(beta): `exact` keeps a masked channel where a bias alone would
   * be wrong at padded borders, `bias` puts up with that, `none` drops it.
   */
  absorb: z.enum(['exact', 'bias', 'none']).default('exact'),
};

/** Refuses options without a goal, and with several: what a schema of `pruningShape` is refined by. */
export function oneGoal(
  options: Readonly<Partial<Record<(typeof GOALS)[number], unknown>>>,
  context: z.RefinementCtx,
): void {
  const given = GOALS.filter((goal) => options[goal] !== undefined);
  if (given.length === 1) return;
  const message =
    given.length === 0
      ? `one of ${GOALS.join(', ')} must be given`
      : `must not be given beside '${given[0]}'`;
  context.addIssue({ code: 'custom', path: [given[1] ?? GOALS[0]], message });
}

/** `pruningShape` as a schema, without options of a criterion. */
export const pruningOptions = z.object(pruningShape).strict().superRefine(oneGoal);
export type PruningOptions = z.output<typeof pruningOptions>;

/** The limits of one group. */
export function limitsOfGroup(
  { floor, cap, multiple, limits }: PruningOptions,
  { name }: ChannelGroup,
): SelectionLimits {
  const named = Object.entries(limits).filter(([pattern]) => fitsPattern(name, pattern));
  return named.reduce<SelectionLimits>(
    (all, [, { floor = all.floor, cap = all.cap, multiple = all.multiple }]) => ({ floor, cap, multiple }),
    { floor, cap, multiple },
  );
}
