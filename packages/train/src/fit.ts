import { throwIfAborted, WhittleError } from '@whittle/core';
import type { Batch, Model, ProgressTask } from '@whittle/core';
import { activationsOf } from './activations.js';
import { fromTf, uploadBatch } from './exchange.js';
import { EpochProgress, metricValues } from './epoch-progress.js';
import { checkFitOptions } from './fit-options.js';
import type { FitOptions } from './fit-options.js';
import type { EpochRecord } from './history.js';
import { formatMetric } from './metric.js';
import type { Metric, MetricAccumulator } from './metric.js';
import { valueOf } from './schedule.js';
import { loadTensorFlow } from './tensorflow.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';
import { runUpdate } from './train-step.js';
import { TrainRun } from './train-run.js';

export interface FitResult {
  /** The trained models, by their names. */
  readonly models: Readonly<Record<string, Model>>;
  readonly history: readonly EpochRecord[];
  /** Index in the history of the epoch that was best on the validation data, where there was any. */
  readonly best?: number;
}

/**
 * Trains models by gradient descent on TensorFlow, native or in WebAssembly. The same options give the same weights, to the bit,
 * on one machine with one number of threads; so does a run that was stopped, or killed, and resumed from its checkpoint.
 * @throws OPTION_INVALID, DATASET_INVALID, SHAPE_MISMATCH, OP_UNSUPPORTED, MODEL_NOT_TRAINABLE, TARGET_UNAVAILABLE
 * (neither of them), LOSS_NOT_FINITE, CHECKPOINT_MISMATCH, FORMAT_INVALID, FILE_UNREADABLE, ABORTED: the last
 * checkpoint stays
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  checkFitOptions(options);
  const tf = await loadTensorFlow();
  const { epochs, data, signal, title = 'training' } = options;
  const run = await TrainRun.create(tf, options);
  let task: ProgressTask | undefined;
  try {
    let within = await run.resume();
    task = options.progress?.(title, epochs * data.count);
    for (let epoch = run.history.length; epoch < epochs; epoch++) {
      throwIfAborted(signal);
      const progress = new EpochProgress(options.metrics ?? [], within);
      within = undefined;
      const record = await trainEpoch(tf, run, options, epoch, progress, task);
      await run.finishEpoch(record);
      options.onEpoch?.(record);
    }
    return { models: run.results(), history: run.history, best: run.best };
  } finally {
    task?.finish();
    run.dispose();
  }
}

async function trainEpoch(
  tf: TensorFlow,
  run: TrainRun,
  options: FitOptions,
  epoch: number,
  progress: EpochProgress,
  task: ProgressTask | undefined,
): Promise<EpochRecord> {
  const { data, random, epochs, metrics = [], updates, signal } = options;
  const show = shower(task, `epoch ${epoch + 1}/${epochs}`, metrics, progress.accumulators);
  const done = progress.steps;
  let at = run.pointAt(epoch * data.count + Math.max(0, done - 1));
  let given = 0;
  for await (const batch of data.batches({ random, epoch })) {
    throwIfAborted(signal);
    // What was trained on before the run was stopped.
    if (given++ < done) continue;
    at = run.pointAt(epoch * data.count + progress.steps);
    progress.add(trainBatch(tf, run, options, batch, at.step, progress.accumulators));
    await run.finishStep(progress);
    show(at.step + 1, progress.sums, progress.steps);
    // Lets signals and timers through: all else in a step is synchronous.
    await new Promise(setImmediate);
  }
  if (given !== data.count)
    throw new WhittleError(
      'DATASET_INVALID',
      `the data says that an epoch has ${data.count} batches, but gave ${given}`,
    );
  return {
    epoch: epoch + 1,
    learningRates: updates.map(({ learningRate }) => valueOf(learningRate, at)),
    losses: progress.means(),
    training: progress.metrics(),
    validation: await validate(tf, run, options),
  };
}

function trainBatch(
  tf: TensorFlow,
  run: TrainRun,
  { random, statisticsMomentum = 0.9 }: FitOptions,
  batch: Batch,
  step: number,
  accumulators: readonly MetricAccumulator[],
): Map<string, number> {
  const tensors = uploadBatch(tf, batch);
  const taps = new Map<string, TfTensor>();
  const losses = new Map<string, number>();
  try {
    const context = {
      tf,
      networks: run.networks,
      batch: tensors,
      at: run.pointAt(step),
      random: random.at('train-step', 0, step),
      statisticsMomentum,
      taps,
      watch: ({ outputs }: { readonly outputs: readonly TfTensor[] }) => {
        const found = accumulators.length > 0 ? outputs.map(fromTf) : [];
        for (const accumulator of accumulators) accumulator.add(found, batch.labels);
      },
    };
    run.updates.forEach((update, i) => {
      const watched = i === 0 ? context : { ...context, watch: undefined };
      for (const [name, value] of runUpdate(watched, update)) losses.set(name, value);
    });
    return losses;
  } finally {
    for (const value of [...tensors.inputs, tensors.labels, ...taps.values()]) value.dispose();
  }
}

async function validate(
  tf: TensorFlow,
  run: TrainRun,
  { validation, metrics = [], random, signal, statisticsMomentum = 0.9 }: FitOptions,
): Promise<Record<string, number> | undefined> {
  if (!validation || metrics.length === 0) return undefined;
  const accumulators = metrics.map((metric) => metric.start());
  const [network] = run.networks.trained.values();
  for await (const batch of validation.batches({ random, epoch: 0 })) {
    throwIfAborted(signal);
    tf.tidy(() => {
      const { inputs } = uploadBatch(tf, batch);
      const scope = { mode: 'inference' as const, random: random.at('validation'), statisticsMomentum };
      const { outputs } = activationsOf(tf, network.model, network.run(inputs, scope));
      const found = outputs.map(fromTf);
      for (const accumulator of accumulators) accumulator.add(found, batch.labels);
    });
    await new Promise(setImmediate);
  }
  return metricValues(metrics, accumulators);
}

/** Shows progress with the mean loss and the metrics so far; the latter may cost, so not after every step. */
function shower(
  task: ProgressTask | undefined,
  title: string,
  metrics: readonly Metric[],
  accumulators: readonly MetricAccumulator[],
): (done: number, sums: ReadonlyMap<string, number>, steps: number) => void {
  let note = title;
  let shown = -Infinity;
  return (done, sums, steps) => {
    if (!task) return;
    if (performance.now() - shown > 200) {
      const losses = [...sums].filter(([name]) => name === 'loss' || name.endsWith('/loss'));
      note = [
        title,
        ...losses.map(([name, sum]) => `${name} ${(sum / steps).toFixed(4)}`),
        ...metrics.map((metric, i) => `${metric.name} ${formatMetric(metric, accumulators[i].value())}`),
      ].join(', ');
      shown = performance.now();
    }
    task.update(done, note);
  };
}
