import { createRandom } from '@whittle/core';
import { batches, loadDigits, split } from '@whittle/datasets';
import { accuracy, cosine, crossEntropy, fit, l1, loadTensorFlow, sgd, weightDecay } from '@whittle/train';
import { digitsNet } from '@whittle/zoo';

/* A process that trains the network of the quickstart for two short epochs, and prints what came of it as JSON. */
const tf = await loadTensorFlow();
const backend = tf.backend() as unknown as { readonly wasm?: { readonly HEAPU8: Uint8Array } };
const parts = split(await loadDigits(), { train: 1600, validation: 500 }, createRandom(1));
const heaps: (number | undefined)[] = [];
const { history } = await fit({
  models: { net: digitsNet({ gamma: 0.5 }) },
  updates: [
    {
      optimizer: sgd({ nesterov: true }),
      learningRate: cosine({ initial: 0.05 }),
      terms: [crossEntropy()],
      penalties: [l1(1e-4), weightDecay(1e-4)],
    },
  ],
  data: batches(parts.train, { batchSize: 64, shuffle: true }),
  validation: batches(parts.validation, { batchSize: 250 }),
  metrics: [accuracy()],
  epochs: 2,
  random: createRandom(1),
  onEpoch: () => heaps.push(backend.wasm?.HEAPU8.length),
});
console.log(JSON.stringify({ backend: tf.getBackend(), tensors: tf.memory().numTensors, heaps, history }));
