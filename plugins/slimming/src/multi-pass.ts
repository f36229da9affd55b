import { definePass, modelCost, sequence, throwIfAborted } from '@whittle/core';
import type { Model, Pass, PassContext, Random } from '@whittle/core';
import { batchSourceOption, measure } from '@whittle/train';
import type { Metric } from '@whittle/train';
import { z } from 'zod';
import { rankedByScales } from './ranked-by-scales.js';

/** What a step of a round may depend on. */
export interface RoundState {
  /** From 1. */
  readonly round: number;
  /** The model before this step. */
  readonly model: Model;
  /** The model of the first round after sparse training, before anything was pruned: a teacher for all rounds. */
  readonly dense: Model;
  /** The model of this round after sparse training. */
  readonly unpruned: Model;
}

/** A step of a round: a pass, or a function that makes one for the round. */
export type RoundStep = Pass | ((state: RoundState) => Pass);

const step = z.custom<RoundStep>(
  (value) =>
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && typeof (value as Pass).run === 'function'),
  'must be a pass, or a function from the state of a round to a pass',
);

const metric = z.custom<Metric>(
  (value) => typeof value === 'object' && value !== null && typeof (value as Metric).start === 'function',
  'must be a metric',
);

export const multiPassOptions = z
  .object({
    /** Sparse training, such as `trainSparse({ ... })`. Left out where the model that comes in is trained, and rounds fine-tune with L1. */
    train: step.optional(),
    /** Such as `pruneChannels({ ratio: 0.5, cap: 0.5 })`. */
    prune: step,
    /** Training without L1, with a teacher or without; none unless told. */
    fineTune: step.optional(),
    /** Rounds at most. */
    rounds: z.number().int().min(1).default(3),
    /** Ends the rounds where a metric on some data gets worse than the dense model's by more than `drop`. */
    stop: z
      .object({ data: batchSourceOption, metric, drop: z.number().min(0) })
      .strict()
      .optional(),
  })
  .strict();

/** What became of a model in a round. */
export interface RoundReport {
  readonly round: number;
  /** The stop rule's metric after the round. */
  readonly metric?: number;
  readonly macs: number;
  readonly parameters: number;
  /** Whether the model that the round left is taken. */
  readonly kept: boolean;
  /** What each step reports. */
  readonly steps: Readonly<Record<string, unknown>>;
}

/**
 * Network Slimming in several passes (Liu et al. 2017, section 3, "multi-pass scheme"): train sparse, prune, fine-tune, and
 * again. Ends after `rounds`, where a round prunes nothing, or where the metric falls too far: then the model of the last
 * good round comes back, which is the dense one where the first is too bad. Each round draws from streams of its own.
 * Reports `rounds`, and the metric of the dense model, `dense`.
 */
export const multiPass = definePass({
  name: 'slimming/multi-pass',
  description: 'Trains sparse, prunes and fine-tunes, again and again, until a metric falls too far',
  options: multiPassOptions,
  changes: ['structure', 'weights'],
  requires: () => [rankedByScales],
  async run(model, context, { train, prune, fineTune, rounds: most, stop }) {
    const score = async (scored: Model) => {
      if (!stop) return undefined;
      const { evaluator, signal, random } = context;
      return (await measure(scored, stop.data, [stop.metric], { evaluator, signal, random }))[
        stop.metric.name
      ];
    };
    const rounds: RoundReport[] = [];
    let good = model;
    let dense: Model | undefined;
    let reference: number | undefined;
    for (let round = 1; round <= most; round++) {
      throwIfAborted(context.signal);
      const steps: Record<string, unknown> = {};
      const own = { ...context, random: streamsOf(context.random, round) };
      const take = async (name: string, each: RoundStep | undefined, state: RoundState): Promise<Model> => {
        if (!each) return state.model;
        const result = await runStep(typeof each === 'function' ? each(state) : each, state.model, own);
        steps[name] = result.report;
        return result.model;
      };
      const unpruned = await take('train', train, {
        round,
        model: good,
        dense: dense ?? good,
        unpruned: good,
      });
      if (round === 1) [dense, reference, good] = [unpruned, await score(unpruned), unpruned];
      const state = { round, dense: dense!, unpruned };
      const pruned = await take('prune', prune, { ...state, model: unpruned });
      const tuned = await take('fineTune', fineTune, { ...state, model: pruned });
      const metric = await score(tuned);
      const fall =
        metric === undefined ? 0 : stop!.metric.goal === 'max' ? reference! - metric : metric - reference!;
      // A metric that is not a number is no good either.
      const kept = !stop || fall <= stop.drop;
      const { macs, parameters } = modelCost(tuned);
      rounds.push({ round, metric, macs, parameters, kept, steps });
      context.log(
        `slimming: round ${round}: ${macs} MACs, ${parameters} parameters${metric === undefined ? '' : `, ${stop!.metric.name} ${metric}`}`,
      );
      if (!kept) break;
      good = tuned;
      if (pruned === unpruned) break;
    }
    return { model: good, report: { rounds, dense: reference } };
  },
});

async function runStep(pass: Pass, model: Model, context: PassContext) {
  const result = await sequence('slimming/round', [pass]).run(model, context);
  const { model: after, report } =
    'report' in result ? result : { model: result as Model, report: undefined };
  return { model: after, report: Object.values(report ?? {})[0] };
}

/** The streams of a round: other draws in each, the same for one seed. */
function streamsOf(random: Random, round: number): Random {
  return {
    seed: random.seed,
    at: (stream, epoch, step) => random.at(`round ${round} ${stream}`, epoch, step),
  };
}
