import { createRandom, sizeOf } from '@whittle/core';
import type { Batch, BatchSource, Model, Pass } from '@whittle/core';
import { batches, padCrop } from '@whittle/datasets';
import { fineTune } from '@whittle/distillation';
import { pruneChannels } from '@whittle/slimming';
import { cosine, l1, sgd, train, weightDecay } from '@whittle/train';
import type { Penalty } from '@whittle/train';
import { mlp } from '@whittle/zoo';
import type { Experiment } from './experiment.js';
import { loadMnist } from './load-mnist.js';

const units = [784, 500, 300, 10];
const slim = [784, 100, 60, 10];
const lambda = 5e-4;
/** Epochs of each of the two trainings: with L1 and after pruning. Networks that are trained once have as many in all. */
const epochs = 20;

/** Network Slimming of the multilayer perceptron, with its first and last layer's units as they are. */
export const experiment: Experiment = {
  title: 'Network Slimming of a multilayer perceptron on MNIST',
  source: 'Liu et al. 2017, table 4',
  paper: [
    ['784-500-300-10', '1.43% error'],
    ['784-100-60-10, pruned', '1.49% error, 84.4% fewer parameters'],
  ],
  setting: [
    `Images are shifted by up to one pixel. Batches of 128, SGD with Nesterov momentum 0.9 and weight decay 1e-4, learning rates that fall from 0.1 along a cosine: ${epochs} epochs with L1 (lambda ${lambda}) on the scales, which start at 0.5; pruning of 80% of each hidden layer; ${epochs} epochs of fine-tuning without L1, by the labels alone and by the sparse network's soft targets too.`,
    `The dense network and the slim one from scratch (Scratch-E) are trained ${2 * epochs} epochs, as many as the pruned one in all.`,
    'Parameters count batch norms, which inference folds away.',
    'The paper does not give its schedule. The folder may hold a part of the test images alone, whose number the table states.',
  ],
  load: loadMnist,
  testBatches: (test) => flattened(batches(test, { batchSize: 500 })),
  async run({ parts, seed, apply, row }) {
    const data = flattened(batches(parts.train, { batchSize: 128, shuffle: true, augment: [padCrop(1)] }));
    const options = (count: number, rate: number) => ({
      data,
      epochs: count,
      optimizer: sgd({ nesterov: true }),
      learningRate: cosine({ initial: rate }),
      metrics: [],
    });
    const trained = (count: number, penalties: readonly Penalty[] = []): Pass =>
      train({ ...options(count, 0.1), penalties: [weightDecay(1e-4), ...penalties] });
    const network = (widths: readonly number[]): Model =>
      mlp(widths, { batchNorm: true, gamma: 0.5, random: createRandom(seed) });

    const dense = await apply(network(units), trained(2 * epochs));
    await row(units.join('-'), dense);
    const sparse = await apply(network(units), trained(epochs, [l1(lambda)]));
    await row(`${units.join('-')}, with L1, ${epochs} epochs`, sparse);
    const pruned = await apply(sparse, pruneChannels({ uniform: 0.8 }));
    await row(`${slim.join('-')}, pruned`, pruned);
    const again = { ...options(epochs, 0.1), penalties: [weightDecay(1e-4)] };
    await row(`${slim.join('-')}, pruned and fine-tuned`, await apply(pruned, train(again)));
    const taught = await apply(pruned, fineTune({ ...again, teacher: sparse }));
    await row(`${slim.join('-')}, pruned and fine-tuned by distillation`, taught);
    await row(`${slim.join('-')}, from scratch`, await apply(network(slim), trained(2 * epochs)));
  },
};

/** Batches of images [N, height, width, 1] as [N, height * width]. */
function flattened(source: BatchSource): BatchSource {
  return {
    ...source,
    *batches(options) {
      for (const batch of source.batches(options) as Iterable<Batch>) {
        const inputs = batch.inputs.map((images) => {
          const [count, ...extents] = images.shape;
          return { ...images, shape: [count, sizeOf(extents)] };
        });
        yield { ...batch, inputs };
      }
    },
  };
}
