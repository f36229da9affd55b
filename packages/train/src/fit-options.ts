import { WhittleError } from '@whittle/core';
import type { BatchSource, LoweringTable, Model, Progress, Random } from '@whittle/core';
import type { EpochRecord } from './history.js';
import type { Metric } from './metric.js';
import type { Update } from './update.js';

export interface CheckpointOptions {
  /** File that is written after every epoch; its folder is made where it is missing. One run at a time may use it. */
  readonly path: string;
  /** Also after so many steps of an epoch, at least 1, for epochs that take long. */
  readonly everySteps?: number;
  /** Goes on from the file where it is there; starts anew unless told. */
  readonly resume?: boolean;
}

export interface FitOptions {
  /** The models to train, by name. Metrics are those of the first. */
  readonly models: Readonly<Record<string, Model>>;
  /** Done in this order in every step. */
  readonly updates: readonly Update[];
  readonly data: BatchSource;
  /** At least 1. */
  readonly epochs: number;
  readonly random: Random;
  readonly validation?: BatchSource;
  readonly metrics?: readonly Metric[];
  /** Gives back the epoch that was best by the first metric on the validation data, the earliest of equals. */
  readonly restoreBest?: boolean;
  readonly checkpoint?: CheckpointOptions;
  /** How much of batch norms' running statistics one batch leaves in place, above 0 and below 1: 0.9 unless told. */
  readonly statisticsMomentum?: number;
  /** Lowerings of plugins' ops. */
  readonly lowerings?: LoweringTable;
  /** What the progress display calls the run: 'training' unless told. */
  readonly title?: string;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Called after each epoch. */
  readonly onEpoch?: (record: EpochRecord) => void;
}

/** @throws OPTION_INVALID, DATASET_INVALID */
export function checkFitOptions(options: FitOptions): void {
  const {
    models,
    updates,
    data,
    epochs,
    validation,
    metrics,
    restoreBest,
    checkpoint,
    statisticsMomentum = 0.9,
  } = options;
  const expect = (condition: boolean, message: () => string) => {
    if (!condition) throw new WhittleError('OPTION_INVALID', message());
  };
  expect(Object.keys(models).length > 0, () => 'there is no model to train');
  expect(updates.length > 0, () => 'there is no update: nothing would be trained');
  expect(
    Number.isInteger(epochs) && epochs >= 1,
    () => `epochs must be an integer of at least 1, found ${epochs}`,
  );
  expect(
    statisticsMomentum > 0 && statisticsMomentum < 1,
    () => `statisticsMomentum must be above 0 and below 1, found ${statisticsMomentum}`,
  );
  expect(
    !restoreBest || (validation !== undefined && (metrics?.length ?? 0) > 0),
    () => 'restoreBest needs validation data and a metric to judge by',
  );
  const everySteps = checkpoint?.everySteps;
  expect(
    everySteps === undefined || (Number.isInteger(everySteps) && everySteps >= 1),
    () => `checkpoint.everySteps must be an integer of at least 1, found ${everySteps}`,
  );
  for (const metric of everySteps === undefined ? [] : (metrics ?? []))
    expect(
      metric.start().save !== undefined,
      () => `metric ${metric.name} can't be saved within an epoch, as checkpoint.everySteps asks for`,
    );
  if (data.count < 1) throw new WhittleError('DATASET_INVALID', 'there is no batch to train on');
}
