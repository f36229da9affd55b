import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagePool2d,
  batchNorm,
  conv2d,
  createRandom,
  dense,
  flatten,
  float32,
  ModelBuilder,
  patch,
  relu,
  sizeOf,
  softmax,
  tensor,
  writeSafetensors,
} from '@whittle/core';
import type { Batch, BatchSource, Model, ParameterRole } from '@whittle/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  accuracy,
  adam,
  cosine,
  crossEntropy,
  fit,
  l1,
  loadTensorFlow,
  meanSquaredError,
  sgd,
  softThreshold,
  tensorFlowUnavailable,
  weightDecay,
} from './index.js';
import type { FitOptions, Term, Update } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** A small convnet with batch norm and softmax: [6, 6, 1] to 3 classes. */
function network(): Model {
  const builder = new ModelBuilder('net');
  const parameter = (id: string, role: ParameterRole, shape: readonly number[], value?: number) => {
    const stream = createRandom(11).at(id);
    const spread = Math.sqrt(2 / Math.max(1, sizeOf(shape.slice(0, -1))));
    const data = Float32Array.from({ length: sizeOf(shape) }, () => value ?? spread * stream.normal());
    return builder.parameter(id, float32(shape, data), role);
  };
  const attributes = {
    strides: [1, 1],
    padding: 'same',
    dilations: [1, 1],
    activation: 'none',
    groups: 1,
  } as const;
  const x = builder.input('x', ['batch', 6, 6, 1]);
  const c = builder.node('conv', conv2d, { ...attributes, strides: [1, 1], dilations: [1, 1] }, [
    x,
    parameter('conv/weight', 'weight', [3, 3, 1, 8]),
  ]);
  const b = builder.node('bn', batchNorm, { epsilon: 1e-3 }, [
    c,
    parameter('bn/scale', 'scale', [8], 1),
    parameter('bn/offset', 'offset', [8], 0),
    parameter('bn/mean', 'mean', [8], 0),
    parameter('bn/variance', 'variance', [8], 1),
  ]);
  const r = builder.node('relu', relu, {}, [b]);
  const p = builder.node(
    'pool',
    averagePool2d,
    { size: [2, 2], strides: [2, 2], padding: 'valid', activation: 'none' },
    [r],
  );
  const logits = builder.node('logits', dense, { activation: 'none' }, [
    builder.node('flat', flatten, {}, [p]),
    parameter('logits/weight', 'weight', [72, 3]),
    parameter('logits/bias', 'bias', [3], 0),
  ]);
  builder.output(builder.node('y', softmax, { beta: 1 }, [logits]));
  return builder.finish();
}

/** Which third of the image is bright, in noise; drawn anew each epoch. */
function source(count: number, batch = 16): BatchSource {
  return {
    examples: count * batch,
    count,
    *batches({ random, epoch }): Iterable<Batch> {
      for (let step = 0; step < count; step++) {
        const stream = random.at('data', epoch, step);
        const labels = Int32Array.from({ length: batch }, () => stream.int(3));
        const data = new Float32Array(batch * 36);
        for (let i = 0; i < data.length; i++) {
          const row = Math.floor((i % 36) / 6);
          data[i] = stream.normal() + (Math.floor(row / 2) === labels[Math.floor(i / 36)] ? 1.5 : 0);
        }
        yield { inputs: [float32([batch, 6, 6, 1], data)], labels: tensor('int32', [batch], labels) };
      }
    },
  };
}

function update(rest: Partial<Update> = {}): Update {
  return {
    optimizer: sgd({ nesterov: true }),
    learningRate: cosine({ initial: 0.05 }),
    terms: [crossEntropy()],
    penalties: [weightDecay(1e-4), l1(1e-4)],
    ...rest,
  };
}

function options(rest: Partial<FitOptions> = {}): FitOptions {
  return {
    models: { net: network() },
    updates: [update()],
    data: source(12),
    epochs: 4,
    random: createRandom(1),
    ...rest,
  };
}

const weightsOf = (model: Model) =>
  [...model.parameters.values()].map((p) => [p.id, [...(p.tensor.data as Float32Array)]]);
const valuesOf = (model: Model, id: string) => model.parameters.get(id)!.tensor.data as Float32Array;

describe.skipIf(missing)(`fit ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whittle-fit-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    expect(tf.memory().numTensors).toBe(0);
  });

  test.each([
    ['SGD', update()],
    ['Adam', update({ optimizer: adam(), learningRate: 0.01 })],
  ])('%s learns, and running statistics make inference as good as training', async (_, learning) => {
    const { models, history } = await fit(
      options({ updates: [learning], validation: source(8), metrics: [accuracy()], epochs: 6 }),
    );
    expect(history).toHaveLength(6);
    expect(history[5].losses['cross-entropy']).toBeLessThan(0.4 * history[0].losses['cross-entropy']);
    expect(history[5].training.accuracy).toBeGreaterThan(0.9);
    expect(history[5].validation!.accuracy).toBeGreaterThan(0.9);
    expect(valuesOf(models.net, 'bn/mean')).not.toEqual(valuesOf(network(), 'bn/mean'));
  });

  test('the objective is the weighted sum of terms and penalties', async () => {
    const { history } = await fit(options({ epochs: 1 }));
    const { loss, l1: sum, ...rest } = history[0].losses;
    expect(loss).toBeCloseTo(rest['cross-entropy'] + 1e-4 * rest['weight-decay'] + 1e-4 * sum, 5);
  });

  test('two runs give the same bits, another seed gives others', async () => {
    const [a, b, c] = [
      await fit(options()),
      await fit(options()),
      await fit(options({ random: createRandom(2) })),
    ];
    expect(weightsOf(a.models.net)).toEqual(weightsOf(b.models.net));
    expect(weightsOf(a.models.net)).not.toEqual(weightsOf(c.models.net));
  });

  test.each([
    ['SGD', update()],
    ['Adam', update({ optimizer: adam(), learningRate: cosine({ initial: 0.01 }) })],
  ])('a resumed run ends with the same bits as one that was never stopped: %s', async (_, learning) => {
    const run = { updates: [learning], validation: source(2), metrics: [accuracy()], restoreBest: true };
    const whole = await fit(options(run));
    const path = join(folder, 'deep', 'run.safetensors');
    const stop = new AbortController();
    const stopped = fit(
      options({
        ...run,
        checkpoint: { path },
        signal: stop.signal,
        onEpoch: ({ epoch }) => epoch === 2 && stop.abort(),
      }),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    const epochs: number[] = [];
    const resumed = await fit(
      options({
        ...run,
        checkpoint: { path, resume: true },
        onEpoch: ({ epoch }) => void epochs.push(epoch),
      }),
    );
    expect(epochs).toEqual([3, 4]);
    expect(resumed.history).toEqual(whole.history);
    expect(weightsOf(resumed.models.net)).toEqual(weightsOf(whole.models.net));
    const again = await fit(options({ ...run, checkpoint: { path, resume: true } }));
    expect(weightsOf(again.models.net)).toEqual(weightsOf(whole.models.net));
    expect(readdirSync(join(folder, 'deep'))).toEqual(['run.safetensors']);
  });

  test('a run that is aborted within an epoch keeps the checkpoint of the epoch before', async () => {
    const path = join(folder, 'run.safetensors');
    const stop = new AbortController();
    const data = source(12);
    const stopping: BatchSource = {
      ...data,
      *batches(epochOptions) {
        let step = 0;
        for (const batch of data.batches(epochOptions) as Iterable<Batch>) {
          if (epochOptions.epoch === 1 && step++ === 5) stop.abort();
          yield batch;
        }
      },
    };
    const stopped = fit(options({ data: stopping, checkpoint: { path }, signal: stop.signal }));
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    const resumed = await fit(options({ checkpoint: { path, resume: true } }));
    expect(weightsOf(resumed.models.net)).toEqual(weightsOf((await fit(options())).models.net));
  });

  test('a checkpoint of another run, or a damaged one, is refused', async () => {
    const path = join(folder, 'run.safetensors');
    const checkpoint = { path, resume: true };
    await fit(options({ epochs: 2, checkpoint }));
    await expect(fit(options({ random: createRandom(9), checkpoint }))).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
    });
    await expect(fit(options({ epochs: 1, checkpoint }))).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
    });
    await expect(
      fit(options({ updates: [update({ optimizer: adam() })], checkpoint })),
    ).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
    });
    truncateSync(path, readFileSync(path).length - 100);
    await expect(fit(options({ checkpoint }))).rejects.toMatchObject({ code: 'FORMAT_INVALID' });
  });

  test('a run that is stopped within an epoch goes on from the step where the checkpoint was written', async () => {
    const path = join(folder, 'run.safetensors');
    const run = { validation: source(2), metrics: [accuracy()], restoreBest: true };
    const whole = await fit(options(run));
    const seen: number[] = [];
    const counting: Term = {
      name: 'counting',
      weight: 0,
      loss: ({ tf: t, at }) => (seen.push(at.step), t.scalar(0)),
    };
    const terms = [crossEntropy(), counting];
    const stop = new AbortController();
    const stopping: Term = {
      ...counting,
      loss: ({ tf: t, at }) => {
        if (at.step === 12 + 8) stop.abort();
        return t.scalar(0);
      },
    };
    const checkpoint = { path, everySteps: 5 };
    const stopped = fit(
      options({
        ...run,
        updates: [update({ terms: [crossEntropy(), stopping] })],
        checkpoint,
        signal: stop.signal,
      }),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    const resumed = await fit(
      options({ ...run, updates: [update({ terms })], checkpoint: { ...checkpoint, resume: true } }),
    );
    expect(seen[0]).toBe(12 + 5);
    expect(weightsOf(resumed.models.net)).toEqual(weightsOf(whole.models.net));
    const losses = resumed.history.map(({ losses: { counting: _, ...rest } }) => rest);
    expect(losses).toEqual(whole.history.map((record) => record.losses));
    expect(resumed.history.map(({ training }) => training)).toEqual(
      whole.history.map(({ training }) => training),
    );
  });

  test('what a killed run left of a file is removed, and nothing else', async () => {
    const path = join(folder, 'run.safetensors');
    writeFileSync(`${path}.123-0a1b2c3d.part`, 'half');
    writeFileSync(`${path}.mine.part`, 'kept');
    writeFileSync(join(folder, 'other.safetensors.123-0a1b2c3d.part'), 'kept');
    await fit(options({ epochs: 1, checkpoint: { path } }));
    expect(readdirSync(folder).sort()).toEqual([
      'other.safetensors.123-0a1b2c3d.part',
      'run.safetensors',
      'run.safetensors.mine.part',
    ]);
  });

  test('a checkpoint of a run with any other option is refused, with what differs', async () => {
    const path = join(folder, 'run.safetensors');
    const checkpoint = { path, resume: true };
    const teacher = network();
    const taught = (model: Model): Term => ({
      name: 'taught',
      weight: 1,
      frozen: [model],
      loss: ({ tf: t, forward }) => t.mean(t.squaredDifference(forward(model).logits(), forward().logits())),
    });
    const base: Partial<FitOptions> = {
      epochs: 1,
      checkpoint,
      updates: [update({ learningRate: 0.05, terms: [crossEntropy(), taught(teacher)] })],
    };
    await fit(options(base));
    const other = patch(network(), (edit) => {
      const values = valuesOf(network(), 'conv/weight').map((v, i) => (i === 5 ? v + 1 : v));
      edit.setParameter('conv/weight', { tensor: float32([3, 3, 1, 8], values) });
    });
    const mask = tensor('uint8', [3, 3, 1, 8], new Uint8Array(72).fill(1));
    const maskedNet = patch(network(), (edit) => edit.setParameter('conv/weight', { mask }));
    const terms = [crossEntropy(), taught(teacher)];
    const variants: [RegExp, Partial<FitOptions>][] = [
      [/model net/, { models: { net: other } }],
      [/model net/, { models: { net: maskedNet } }],
      [
        /frozen model 1/,
        { updates: [update({ learningRate: 0.05, terms: [crossEntropy(), taught(other)] })] },
      ],
      [/update 1: optimizer/, { updates: [update({ learningRate: 0.05, terms, optimizer: sgd() })] }],
      [/update 1: learning rate/, { updates: [update({ learningRate: 0.04, terms })] }],
      [
        /update 1: penalty 2/,
        { updates: [update({ learningRate: 0.05, terms, penalties: [weightDecay(1e-4)] })] },
      ],
      [
        /update 1: proximal step 1/,
        { updates: [update({ learningRate: 0.05, terms, after: [softThreshold(1)] })] },
      ],
      [/data/, { data: source(11) }],
      [/momentum of statistics/, { statisticsMomentum: 0.8 }],
      [/metrics/, { metrics: [accuracy()] }],
    ];
    for (const [message, variant] of variants)
      await expect(fit(options({ ...base, ...variant }))).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
        message: expect.stringMatching(message) as string,
      });
    // A longer run that would have done the same so far goes on.
    expect((await fit(options({ ...base, epochs: 2 }))).history).toHaveLength(2);
  });

  test('a checkpoint of another version is refused', async () => {
    const path = join(folder, 'run.safetensors');
    const metadata = {
      'whittle-checkpoint': JSON.stringify({ format: 1, fingerprint: 'seed 1', history: [] }),
    };
    writeFileSync(path, writeSafetensors({ tensors: new Map(), metadata }));
    await expect(fit(options({ checkpoint: { path, resume: true } }))).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      message: expect.stringMatching(/format 1.*format 2/) as string,
    });
  });

  test('a loss that is not finite stops training; the last good checkpoint stays', async () => {
    const path = join(folder, 'run.safetensors');
    const bad: Term = {
      name: 'bad',
      weight: 1,
      loss: ({ tf: t, at }) => t.scalar(at.step < 12 ? 0 : NaN),
    };
    const run = options({
      updates: [update({ learningRate: 0.05, terms: [crossEntropy(), bad] })],
      checkpoint: { path },
    });
    await expect(fit(run)).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
      message: expect.stringMatching(/step 13 \(epoch 2\).*bad NaN/) as string,
    });
    const kept = await fit({ ...run, epochs: 1, checkpoint: { path, resume: true } });
    const good = await fit(
      options({ epochs: 1, updates: [update({ learningRate: cosine({ initial: 0.05 }) })] }),
    );
    expect(kept.history).toHaveLength(1);
    expect(valuesOf(kept.models.net, 'conv/weight').every(Number.isFinite)).toBe(true);
    expect(valuesOf(good.models.net, 'conv/weight').every(Number.isFinite)).toBe(true);
  });

  test('weights that are not finite at the end of an epoch never reach the checkpoint', async () => {
    const path = join(folder, 'run.safetensors');
    const learningRate = ({ step }: { step: number }) => (step === 11 ? Infinity : 0.01);
    await expect(
      fit(options({ updates: [update({ learningRate })], checkpoint: { path } })),
    ).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
    });
    expect(existsSync(path)).toBe(false);
  });

  test('steps leave no tensors behind', async () => {
    const counts: number[] = [];
    const watch: Term = {
      name: 'watch',
      weight: 0,
      loss({ tf: t, at, keep, kept, forward }) {
        keep('logits', forward().logits());
        expect(kept('logits').shape).toEqual([16, 3]);
        if (at.step % 4 === 0) counts.push(t.memory().numTensors);
        return t.scalar(0);
      },
    };
    await fit(options({ updates: [update({ terms: [crossEntropy(), watch] })], metrics: [accuracy()] }));
    expect(new Set(counts).size).toBe(1);
  });

  test('masked elements stay zero, untrained parameters stay as they are', async () => {
    const mask = tensor(
      'uint8',
      [3, 3, 1, 8],
      Uint8Array.from({ length: 72 }, (_, i) => (i % 3 === 0 ? 0 : 1)),
    );
    const model = patch(network(), (edit) => {
      const weight = valuesOf(network(), 'conv/weight').map((v, i) => (i % 3 === 0 ? 0 : v));
      edit.setParameter('conv/weight', { mask, tensor: float32([3, 3, 1, 8], weight) });
      edit.setParameter('logits/bias', { trainable: false });
    });
    const { models } = await fit(
      options({ models: { net: model }, updates: [update({ optimizer: adam() })] }),
    );
    const trained = valuesOf(models.net, 'conv/weight');
    trained.forEach((value, i) => expect(value === 0).toBe(i % 3 === 0));
    expect(models.net.parameters.get('logits/bias')).toBe(model.parameters.get('logits/bias'));
    expect(models.net.parameters.get('conv/weight')!.mask).toBe(mask);
  });

  test('an update changes only the parameters that it chooses', async () => {
    const { models } = await fit(
      options({ updates: [update({ parameters: ({ id }) => id.startsWith('logits') })] }),
    );
    const [before, after] = [network(), models.net];
    expect(valuesOf(after, 'conv/weight')).toEqual(valuesOf(before, 'conv/weight'));
    expect(valuesOf(after, 'logits/weight')).not.toEqual(valuesOf(before, 'logits/weight'));
  });

  test('the soft threshold brings scales to exact zeros', async () => {
    const { models } = await fit(
      options({ updates: [update({ penalties: [], after: [softThreshold(2)] })], epochs: 6 }),
    );
    expect(valuesOf(models.net, 'bn/scale').some((value) => value === 0)).toBe(true);
  });

  test('several models train in turns, and see one another', async () => {
    const follow: Term = {
      name: 'follow',
      weight: 1,
      loss: ({ tf: t, forward }) =>
        t.mean(t.squaredDifference(forward('second').logits(), forward('net').logits())),
    };
    const { models, history } = await fit(
      options({
        models: { net: network(), second: network() },
        updates: [update(), update({ model: 'second', terms: [follow], penalties: [] })],
        epochs: 2,
      }),
    );
    const alone = await fit(options({ epochs: 2 }));
    expect(Object.keys(history[0].losses)).toContain('second/follow');
    // The first model's batch norms have also seen what the follower evaluated.
    expect(valuesOf(models.net, 'conv/weight')).toEqual(valuesOf(alone.models.net, 'conv/weight'));
    expect(valuesOf(models.second, 'conv/weight')).not.toEqual(valuesOf(network(), 'conv/weight'));
  });

  test('the best epoch comes back where that is wanted', async () => {
    const spoilt = ({ step }: { step: number }) => (step < 24 ? 0.05 : 3);
    const run = options({
      updates: [update({ learningRate: spoilt })],
      validation: source(6),
      metrics: [accuracy()],
      restoreBest: true,
    });
    const { models, history, best } = await fit(run);
    expect(best).toBeLessThan(2);
    const until = await fit({ ...run, epochs: best! + 1 });
    expect(weightsOf(models.net)).toEqual(weightsOf(until.models.net));
    expect(Math.max(...history.map((h) => h.validation!.accuracy))).toBe(history[best!].validation!.accuracy);
  });

  test('float labels and regression work too', async () => {
    const data = source(12);
    const regression: BatchSource = {
      ...data,
      *batches(o) {
        for (const { inputs, labels } of data.batches(o) as Iterable<Batch>) {
          const rows = new Float32Array(48);
          labels.data.forEach((label: number | bigint, i: number) => (rows[i * 3 + Number(label)] = 1));
          yield { inputs, labels: float32([16, 3], rows) };
        }
      },
    };
    const { history } = await fit(
      options({
        data: regression,
        updates: [
          update({ terms: [meanSquaredError({ weight: 3 }), crossEntropy({ labelSmoothing: 0.1 })] }),
        ],
      }),
    );
    expect(history[3].losses['mean-squared-error']).toBeLessThan(
      0.5 * history[0].losses['mean-squared-error'],
    );
  });

  test('bad options say what is wrong', async () => {
    const reject = (rest: Partial<FitOptions>, code: string, message: RegExp) =>
      expect(fit(options(rest))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    await reject({ epochs: 0 }, 'OPTION_INVALID', /epochs must be an integer of at least 1, found 0/);
    await reject({ models: {} }, 'OPTION_INVALID', /no model/);
    await reject(
      { updates: [update({ model: 'other' })] },
      'OPTION_INVALID',
      /'other', but the models to train are net/,
    );
    await reject(
      { updates: [update({ parameters: () => false })] },
      'OPTION_INVALID',
      /none of the trainable/,
    );
    await reject({ checkpoint: { path: 'x', everySteps: 0 } }, 'OPTION_INVALID', /everySteps must be/);
    const plain = { name: 'plain', goal: 'max' as const, start: () => ({ add() {}, value: () => 0 }) };
    await reject(
      { checkpoint: { path: 'x', everySteps: 2 }, metrics: [plain] },
      'OPTION_INVALID',
      /metric plain can't be saved within an epoch/,
    );
    await reject({ restoreBest: true }, 'OPTION_INVALID', /restoreBest needs/);
    await reject({ data: { ...source(3), count: 5 } }, 'DATASET_INVALID', /5 batches, but gave 3/);
    await reject(
      { updates: [update({ terms: [meanSquaredError()] })] },
      'SHAPE_MISMATCH',
      /labels must have the output's shape \[16, 3\], found \[16\]/,
    );
    const frozen = network();
    const unlisted: Term = {
      name: 'unlisted',
      weight: 1,
      loss: ({ tf: t, forward }) => t.mean(forward(frozen).logits()),
    };
    await reject(
      { updates: [update({ terms: [unlisted] })] },
      'OPTION_INVALID',
      /not among the frozen models/,
    );
  });
});
