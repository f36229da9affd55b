import { definePass } from '@whittle/core';
import type { Batch, BatchSource, Random } from '@whittle/core';
import { crossEntropy, termOption, trainingOptions, trainInPass } from '@whittle/train';
import type { EpochRecord, Penalty, Schedule, Term } from '@whittle/train';
import { z } from 'zod';
import { magnitudeMasks } from './mask-weights.js';
import { cubicSparsity } from './sparsity-schedule.js';
import { maskableWeights, sparsityOf, withMasks } from './weight-masks.js';

const share = z.number().min(0).max(1);

/**
 * Trains while more and more of the smallest weights are masked, along a cubic schedule (Zhu and Gupta 2017). Between two
 * masks the run is one `fit`: learning rates and data go on where they were, what the optimizer remembers begins anew.
 * What is masked stays so.
 */
export const pruneGradually = definePass({
  name: 'pruning/prune-gradually',
  description: 'Trains while more and more of the smallest weights are masked, along a cubic schedule',
  options: trainingOptions
    .omit({ checkpoint: true, restoreBest: true })
    .extend({
      terms: z
        .array(termOption)
        .nonempty()
        .default(() => [crossEntropy()]),
      /** Share of the weights that is masked at the end. */
      sparsity: share,
      /** Share that is masked from the first step on. */
      initialSparsity: share.default(0),
      /** Parts of the run at which masking begins and ends; after the end what is left is trained on. */
      begin: z.number().min(0).lt(1).default(0),
      end: z.number().gt(0).max(1).default(0.75),
      /** Steps between two masks; an epoch's unless told. */
      every: z.number().int().positive().optional(),
      scope: z.enum(['layer', 'global']).default('layer'),
      /** Ids of weights that stay whole; `*` stands for any characters. */
      exclude: z.array(z.string()).default([]),
    })
    .strict()
    .refine(({ begin, end }) => begin < end, { message: 'end must be after begin', path: ['end'] }),
  changes: ['weights'],
  async run(model, context, options) {
    const { terms, sparsity, initialSparsity, begin, end, every, scope, exclude, ...training } = options;
    const { data, epochs } = training;
    const steps = data.count * epochs;
    const schedule = cubicSparsity({ initial: initialSparsity, final: sparsity, begin, end });
    const ids = maskableWeights(model, exclude).map(({ id }) => id);
    const history: EpochRecord[] = [];
    const sparsities: { step: number; sparsity: number }[] = [];
    let current = model;
    for (let from = 0; from < steps;) {
      const to = Math.min(steps, from + (every ?? data.count));
      const weights = ids.map((id) => current.parameters.get(id)!);
      current = withMasks(current, magnitudeMasks(weights, schedule(from / steps), scope));
      sparsities.push({ step: from, sparsity: sparsityOf(current, ids).sparsity });
      const at = { from, stepsPerEpoch: data.count, epochs };
      const part = {
        ...training,
        data: stepsOf(data, from, to, context.random),
        epochs: 1,
        restoreBest: false,
        learningRate: later(training.learningRate, at),
        penalties: training.penalties.map((penalty) => shifted(penalty, at)),
      };
      const trained = await trainInPass(
        current,
        { ...context, random: laterDraws(context.random, from) },
        'pruning gradually',
        terms.map((term) => shifted(term, at)),
        part,
      );
      current = trained.model;
      history.push(...trained.report.history.map((record) => ({ ...record, epoch: history.length + 1 })));
      from = to;
    }
    const weights = ids.map((id) => current.parameters.get(id)!);
    current = withMasks(current, magnitudeMasks(weights, schedule(1), scope));
    return { model: current, report: { history, sparsities, ...sparsityOf(current, ids) } };
  },
});

/** Where a part of a run begins. */
interface PartOfRun {
  readonly from: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** A schedule of the whole run, as a part of it sees it. */
function later(value: number | Schedule, { from, ...run }: PartOfRun): number | Schedule {
  return typeof value === 'number' ? value : ({ step }) => value({ ...run, step: from + step });
}

/** A term or penalty with the weight that it has in this part. */
function shifted<T extends Term | Penalty>(part: T, at: PartOfRun): T {
  return typeof part.weight === 'number'
    ? part
    : Object.assign(Object.create(part) as T, { weight: later(part.weight, at) });
}

/** Draws of steps as if they were counted from the beginning of the run. */
function laterDraws(random: Random, from: number): Random {
  return { seed: random.seed, at: (stream, epoch, step = 0) => random.at(stream, epoch, from + step) };
}

/** The batches from one step of a run to another, as one epoch. */
function stepsOf(data: BatchSource, from: number, to: number, random: Random): BatchSource {
  return {
    examples: Math.ceil((data.examples / data.count) * (to - from)),
    count: to - from,
    async *batches(): AsyncGenerator<Batch> {
      let step = Math.floor(from / data.count) * data.count;
      while (step < to)
        for await (const batch of data.batches({ random, epoch: step / data.count })) {
          if (step >= from) yield batch;
          step++;
          if (step >= to) break;
        }
    },
  };
}
