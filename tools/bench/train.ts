import { createRandom, float32, sizeOf, tensor } from '@whittle/core';
import type { Batch, Model } from '@whittle/core';
import { crossEntropy, fit, loadTensorFlow, sgd, weightDecay } from '@whittle/train';
import type { TensorFlow } from '@whittle/train';
import { digitsNet, resnet20 } from '@whittle/zoo';
import type * as tfjs from '@tensorflow/tfjs';

/**
 * Milliseconds of a training step of `fit`, against tfjs's own layers on the same library: the same network, batch, loss
 * and SGD with momentum, in turns, the median of `rounds`. A busy machine slows both: look at the ratio.
 */
const batch = 64;
const rounds = 5;
const stepsPerRound = 12;

type Apply = (x: tfjs.SymbolicTensor) => tfjs.SymbolicTensor;

const tf = await loadTensorFlow();
const subjects = [
  { name: 'digits-net', model: digitsNet(), layers: digitsLayers },
  { name: 'ResNet-20', model: resnet20({ shortcut: 'projection' }), layers: resnetLayers },
];
for (const { name, model, layers } of subjects) {
  const data = randomBatch(model);
  const net = layers(tf);
  net.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: 'categoricalCrossentropy' });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [own, own2] = [await timeFit(model, data), await timeLayers(net, data)];
    // The first round warms both up.
    if (round > 0) {
      ours.push(own);
      theirs.push(own2);
    }
  }
  const [a, b] = [median(ours), median(theirs)];
  console.log(`${name}: fit ${a.toFixed(1)} ms, tfjs layers ${b.toFixed(1)} ms, ratio ${(b / a).toFixed(2)}`);
}

function randomBatch(model: Model): Batch {
  const stream = createRandom(1).at('bench');
  const shape = [batch, ...(model.values.get(model.inputs[0].id)!.shape.slice(1) as number[])];
  const images = Float32Array.from({ length: sizeOf(shape) }, () => stream.float());
  const labels = Int32Array.from({ length: batch }, () => stream.int(10));
  return { inputs: [float32(shape, images)], labels: tensor('int32', [batch], labels) };
}

async function timeFit(model: Model, data: Batch): Promise<number> {
  let start = 0;
  await fit({
    models: { model },
    updates: [
      { optimizer: sgd(), learningRate: 0.01, terms: [crossEntropy()], penalties: [weightDecay(1e-4)] },
    ],
    data: {
      examples: batch * (stepsPerRound + 1),
      count: stepsPerRound + 1,
      *batches() {
        for (let step = 0; step <= stepsPerRound; step++) {
          if (step === 1) start = performance.now();
          yield data;
        }
      },
    },
    epochs: 1,
    random: createRandom(0),
  });
  return (performance.now() - start) / stepsPerRound;
}

async function timeLayers(net: tfjs.LayersModel, { inputs, labels }: Batch): Promise<number> {
  const x = tf.tensor(inputs[0].data as Float32Array, [...inputs[0].shape]);
  const y = tf.oneHot(tf.tensor1d(labels.data as Int32Array, 'int32'), 10);
  await net.trainOnBatch(x, y);
  const start = performance.now();
  for (let step = 0; step < stepsPerRound; step++) await net.trainOnBatch(x, y);
  const elapsed = performance.now() - start;
  x.dispose();
  y.dispose();
  return elapsed / stepsPerRound;
}

function convBn(library: TensorFlow, filters: number, size = 3, strides = 1): Apply {
  const conv = library.layers.conv2d({ filters, kernelSize: size, strides, padding: 'same', useBias: false });
  const norm = library.layers.batchNormalization();
  return (x) => norm.apply(conv.apply(x)) as tfjs.SymbolicTensor;
}

function activate(library: TensorFlow): Apply {
  const relu = library.layers.activation({ activation: 'relu' });
  return (x) => relu.apply(x) as tfjs.SymbolicTensor;
}

function classify(library: TensorFlow, input: tfjs.SymbolicTensor, features: tfjs.SymbolicTensor) {
  const output = library.layers.dense({ units: 10, activation: 'softmax' }).apply(features);
  return library.model({ inputs: input, outputs: output as tfjs.SymbolicTensor });
}

function digitsLayers(library: TensorFlow): tfjs.LayersModel {
  const input = library.input({ shape: [28, 28, 1] });
  const pool: Apply = (x) =>
    library.layers.maxPooling2d({ poolSize: 2, strides: 2 }).apply(x) as tfjs.SymbolicTensor;
  const block = (filters: number, x: tfjs.SymbolicTensor) => activate(library)(convBn(library, filters)(x));
  const features = block(32, pool(block(48, pool(block(32, pool(block(16, input)))))));
  return classify(library, input, library.layers.flatten().apply(features) as tfjs.SymbolicTensor);
}

function resnetLayers(library: TensorFlow): tfjs.LayersModel {
  const input = library.input({ shape: [32, 32, 3] });
  let trunk = activate(library)(convBn(library, 16)(input));
  for (let stage = 0; stage < 3; stage++)
    for (let block = 0; block < 3; block++) {
      const filters = 16 << stage;
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const inner = activate(library)(convBn(library, filters, 3, strides)(trunk));
      const branch = convBn(library, filters)(inner);
      const shortcut =
        strides === 1
          ? trunk
          : (library.layers
              .conv2d({ filters, kernelSize: 1, strides, padding: 'same' })
              .apply(trunk) as tfjs.SymbolicTensor);
      trunk = activate(library)(library.layers.add().apply([shortcut, branch]) as tfjs.SymbolicTensor);
    }
  const pooled = library.layers.globalAveragePooling2d({}).apply(trunk) as tfjs.SymbolicTensor;
  return classify(library, input, pooled);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
