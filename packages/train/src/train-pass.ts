import { definePass, definePlugin } from '@whittle/core';
import type { BatchSource, Model, PassContext } from '@whittle/core';
import { z } from 'zod';
import { fit } from './fit.js';
import type { EpochRecord } from './history.js';
import { accuracy } from './metric.js';
import type { Metric } from './metric.js';
import type { Optimizer } from './optimizer.js';
import type { ParameterSelector, Penalty } from './penalty.js';
import type { Proximal } from './proximal.js';
import type { Schedule } from './schedule.js';
import type { Term } from './term.js';
import { crossEntropy } from './terms/cross-entropy.js';

function objectWith<T>(what: string, ...methods: readonly (keyof T & string)[]) {
  return z.custom<T>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
    `must be ${what}`,
  );
}

function functionOf<T>(what: string) {
  return z.custom<T>((value) => typeof value === 'function', `must be ${what}`);
}

/** A number, or a number that changes as training goes on. */
export const scheduleOption = z.union([z.number(), functionOf<Schedule>('a number or a schedule')]);
export const batchSourceOption = objectWith<BatchSource>(
  'a batch source, such as a data set gives',
  'batches',
);
export const termOption = objectWith<Term>('a term', 'loss');

/** Options that every pass has that trains one model; passes of methods add their own and bring terms or penalties. */
export const trainingOptions = z
  .object({
    data: batchSourceOption,
    /** Whole runs through the data. */
    epochs: z.number().int().positive(),
    optimizer: objectWith<Optimizer>('an optimizer', 'update'),
    learningRate: scheduleOption,
    penalties: z.array(objectWith<Penalty>('a penalty', 'addGradient', 'applies')).default([]),
    after: z.array(objectWith<Proximal>('a proximal step', 'apply', 'applies')).default([]),
    /** Which trainable parameters; all unless told. */
    parameters: functionOf<ParameterSelector>('a function of a parameter').optional(),
    validation: batchSourceOption.optional(),
    metrics: z.array(objectWith<Metric>('a metric', 'start')).default(() => [accuracy()]),
    /** Gives back the epoch that was best by the first metric on the validation data. */
    restoreBest: z.boolean().default(false),
    checkpoint: z
      .object({
        path: z.string().min(1),
        resume: z.boolean().default(false),
        /** Also within an epoch, after so many steps each. */
        everySteps: z.number().int().positive().optional(),
      })
      .strict()
      .optional(),
    statisticsMomentum: z.number().gt(0).lt(1).default(0.9),
  })
  .strict();
export type TrainingOptions = z.output<typeof trainingOptions>;

/** What a pass that trains says of its run. */
export interface TrainingReport extends Record<string, unknown> {
  readonly history: readonly EpochRecord[];
  /** Index of the best epoch in the history, where there is validation data. */
  readonly best?: number;
}

/** Trains a pass's model by some terms, with the pass's randomness, progress and signal. Throws what `fit` throws. */
export async function trainInPass(
  model: Model,
  context: PassContext,
  title: string,
  terms: readonly Term[],
  options: TrainingOptions,
): Promise<{ readonly model: Model; readonly report: TrainingReport }> {
  const { optimizer, learningRate, penalties, after, parameters, ...rest } = options;
  const { models, history, best } = await fit({
    ...rest,
    title,
    models: { model },
    updates: [{ optimizer, learningRate, terms, penalties, after, parameters }],
    random: context.random,
    lowerings: context.lowerings,
    progress: context.progress,
    signal: context.signal,
  });
  return { model: models.model, report: { history, best } };
}

/** Trains the model: `train({ data, epochs: 8, optimizer: sgd(), learningRate: cosine({ initial: 0.1 }) })`. */
export const train = definePass({
  name: 'train/fit',
  description: 'Trains the model by gradient descent on terms, with penalties on parameters',
  options: trainingOptions.extend({
    /** Cross entropy unless told. */
    terms: z
      .array(termOption)
      .nonempty()
      .default(() => [crossEntropy()]),
  }),
  changes: ['weights'],
  run(model, context, { terms, ...options }) {
    return trainInPass(model, context, 'training', terms, options);
  },
});

/** The plugin with the pass `train/fit`. */
export const trainPlugin = definePlugin({ name: 'train', passes: [train] });
