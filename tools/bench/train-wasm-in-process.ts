import { createRandom, float32, sizeOf, tensor } from '@whittle/core';
import type { Batch } from '@whittle/core';
import { crossEntropy, fit, loadTensorFlow, sgd } from '@whittle/train';
import { resnet20 } from '@whittle/zoo';

// A process of its own: train-wasm-in-process.ts wasm|cpu BATCH STEPS prints the milliseconds of each step of ResNet-20 as a
// JSON list: in WebAssembly with our kernels, or on tfjs's plain CPU backend.
const [backend, batch, steps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const draw = createRandom(1).at('bench');
const shape = [batch, 32, 32, 3];
const data: Batch = {
  inputs: [
    float32(
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => draw.float()),
    ),
  ],
  labels: tensor(
    'int32',
    [batch],
    Int32Array.from({ length: batch }, () => draw.int(10)),
  ),
};
const times: number[] = [];

const tf = await loadTensorFlow({ backend: 'wasm' });
await tf.setBackend(backend);
await fit({
  models: { model: resnet20({ shortcut: 'projection' }) },
  updates: [{ optimizer: sgd(), learningRate: 0.01, terms: [crossEntropy()] }],
  data: {
    examples: batch * steps,
    count: steps,
    *batches() {
      for (let step = 0; step < steps; step++) {
        const start = performance.now();
        yield data;
        times.push(performance.now() - start);
      }
    },
  },
  epochs: 1,
  random: createRandom(0),
});
console.log(JSON.stringify(times));
