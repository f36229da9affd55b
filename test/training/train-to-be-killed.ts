import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createRandom, float32, patch, runPipeline, saveModel, tensor } from '@whittle/core';
import type { Model } from '@whittle/core';
import { batches, createDataset, flipHorizontal, shift } from '@whittle/datasets';
import { softTargets } from '@whittle/distillation';
import { pruneChannels } from '@whittle/slimming';
import {
  accuracy,
  adam,
  cosine,
  crossEntropy,
  fit,
  l1,
  loadTensorFlow,
  sgd,
  softThreshold,
  stepSchedule,
  train,
  warmUp,
  weightDecay,
} from '@whittle/train';
import type { CheckpointOptions } from '@whittle/train';
import { digitsNet } from '@whittle/zoo';

/*
 * A process that trains and may be killed at any moment: node train-to-be-killed.ts RUN FOLDER [WRITE]. Says 'started' when training
 * begins, and at the end a digest of all that came of it. FOLDER has its checkpoints. At its
 * checkpoint number WRITE it is killed half-way through the file.
 */
const [run, folder, write] = process.argv.slice(2);
const checkpoint = (name: string) => ({
  checkpoint: { path: `${folder}/${name}`, resume: true, everySteps: 4 } satisfies CheckpointOptions,
});

if (write !== undefined) {
  let written = 0;
  const { writeFile } = fs.promises;
  fs.promises.writeFile = async (path, data, options) => {
    if (++written < Number(write)) return writeFile(path, data, options);
    const bytes = data as Uint8Array;
    fs.writeFileSync(path as string, bytes.subarray(0, bytes.length / 2));
    process.kill(process.pid, 'SIGKILL');
  };
  syncBuiltinESMExports();
}

/** Noise with a brighter row for each class. */
function images(count: number, name: string) {
  const draw = createRandom(3).at(name);
  const labelNames = Array.from({ length: 10 }, (_, row) => `row ${row}`);
  const labels = Int32Array.from({ length: count }, () => draw.int(10));
  const inputs = Uint8Array.from({ length: count * 784 }, (_, i) => {
    const row = Math.floor((i % 784) / 28);
    return draw.int(128) + (row === 2 * labels[Math.floor(i / 784)] + 4 ? 127 : 0);
  });
  const preprocess = { layout: 'NHWC', range: [0, 1], mean: [0], scale: [1] } as const;
  return createDataset({ name, shape: [28, 28, 1], inputs, labels, labelNames, preprocess });
}

const data = batches(images(96, 'training'), {
  batchSize: 8,
  shuffle: true,
  augment: [shift({ rows: 2, columns: 2 }), flipHorizontal()],
});
const validation = batches(images(64, 'validation'), { batchSize: 32 });
const epochs = 3;
const started = () => process.stdout.write('started\n');

/** A network with a third of a layer's weights held at zero. */
function masked(model: Model): Model {
  return patch(model, (edit) => {
    const weight = [...model.parameters.values()].find(({ role }) => role === 'weight')!;
    const { shape } = weight.tensor;
    const data = weight.tensor.data as Float32Array;
    const mask = Uint8Array.from(data, (_, i) => (i % 3 === 0 ? 0 : 1));
    const values = data.map((value, i) => value * mask[i]);
    edit.setParameter(weight.id, {
      mask: tensor('uint8', shape, mask),
      tensor: float32(shape, values),
    });
  });
}

const runs: Readonly<Record<string, () => Promise<unknown[]>>> = {
  /** Two networks in turns, of a teacher, with all that an update may have. */
  async together() {
    const teacher = digitsNet({ random: createRandom(5) });
    const { models, history, best } = await fit({
      models: {
        first: masked(digitsNet({ random: createRandom(1) })),
        second: digitsNet({ random: createRandom(2) }),
      },
      updates: [
        {
          optimizer: sgd({ nesterov: true }),
          learningRate: warmUp(cosine({ initial: 0.05 }), 0.5),
          terms: [crossEntropy(), softTargets({ teacher, weight: 0.1 })],
          penalties: [weightDecay(1e-4), l1(cosine({ initial: 1e-3 }))],
        },
        {
          model: 'second',
          optimizer: adam(),
          learningRate: stepSchedule({ initial: 0.01, factor: 0.3, at: [0.5] }),
          terms: [crossEntropy({ model: 'second' }), softTargets({ teacher, student: 'second' })],
          after: [softThreshold(0.01)],
        },
      ],
      data,
      validation,
      metrics: [accuracy()],
      restoreBest: true,
      epochs,
      random: createRandom(7),
      progress: () => (started(), { update() {}, finish() {} }),
      ...checkpoint('together'),
    });
    return [saveModel(models.first), saveModel(models.second), JSON.stringify([history, best])];
  },
  /** Passes of a pipeline, each with a checkpoint of its own. */
  async pipeline() {
    const common = { data, validation, optimizer: sgd({ nesterov: true }), learningRate: 0.03 };
    const { model } = await runPipeline(
      digitsNet({ random: createRandom(1), gamma: 0.5 }),
      [
        train({ ...common, epochs: 2, penalties: [l1(1e-3)], ...checkpoint('sparse') }),
        pruneChannels({ ratio: 0.3 }),
        train({ ...common, epochs: 2, learningRate: cosine({ initial: 0.03 }), ...checkpoint('fine-tuned') }),
      ],
      { seed: 7, progress: () => (started(), { update() {}, finish() {} }) },
    );
    return [saveModel(model)];
  },
};

await loadTensorFlow({ threads: 1 });
const hash = createHash('sha256');
for (const part of await runs[run]()) hash.update(part as string | Uint8Array);
process.stdout.write(`${hash.digest('hex')}\n`);
