import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createRandom, float32, sizeOf, tensor } from '@whittle/core';
import type { Batch, Model } from '@whittle/core';
import { crossEntropy, fit, loadTensorFlow, sgd } from '@whittle/train';
import type { TensorFlow } from '@whittle/train';
import { dsCnn, mobilenetV1, resnet20 } from '@whittle/zoo';
import { median, row } from '../bench.js';
import type { Bench, BenchRow } from '../bench.js';
import { pythonOf } from '../peers/environment.js';
import { startPeer } from '../peers/peer-process.js';
import type { StepTime, TimedPeer } from '../peers/peer-process.js';
import { layersNetworks } from '../tfjs-layers.js';

interface Work {
  readonly name: string;
  readonly batch: number;
  /** Of a round. */
  readonly steps: number;
  readonly model: Model;
}

const works = (): Work[] => [
  { name: 'resnet20', batch: 64, steps: 6, model: resnet20({ shortcut: 'projection' }) },
  {
    name: 'mobilenet-v1-0.25',
    batch: 32,
    steps: 10,
    model: mobilenetV1({ alpha: 0.25, input: [96, 96, 3], classes: 2 }),
  },
  { name: 'ds-cnn', batch: 64, steps: 20, model: dsCnn() },
];
const rounds = 5;
const warmUp = 3;
const threads = availableParallelism();

/**
 * A training step of `fit` beside PyTorch's (channels last), Keras's on TensorFlow and that of tfjs's own layers on the library
 * that we use: the same network, batch, loss, SGD with momentum, and number of threads, in turns, medians of the rounds.
 */
export const bench: Bench = {
  async run(args, say) {
    const tf = await loadTensorFlow({ threads });
    const rows: BenchRow[] = [];
    for (const work of works().filter(({ name }) => args.length === 0 || args.includes(name))) {
      const peers = await peersOf(tf, work, say);
      try {
        rows.push(...(await compare(work, peers, say)));
      } finally {
        for (const peer of peers.values()) await peer.stop();
      }
    }
    return rows;
  },
};

async function compare(
  work: Work,
  peers: ReadonlyMap<string, TimedPeer>,
  say: (line: string) => void,
): Promise<BenchRow[]> {
  say(
    `train: ${work.name}, batch ${work.batch}, ${threads} threads, ${rounds} rounds of ${work.steps} steps`,
  );
  const subjects = new Map([['ours', await startFit(work)], ...peers]);
  const times = new Map([...subjects.keys()].map((name) => [name, [] as StepTime[]]));
  for (let round = 0; round < rounds; round++)
    for (const [name, subject] of subjects) times.get(name)!.push(await subject.time(work.steps));
  const middle = (name: string, key: keyof StepTime) => median(times.get(name)!.map((time) => time[key]));
  for (const name of subjects.keys())
    say(
      `  ${name}: ${middle(name, 'wallMs').toFixed(1)} ms, processors ${middle(name, 'cpuMs').toFixed(1)} ms`,
    );
  return [...peers.keys()].map((peer) =>
    row(work.name, middle('ours', 'wallMs'), peer, middle(peer, 'wallMs')),
  );
}

/** Those that can be had here; says why the others can't. */
async function peersOf(
  tf: TensorFlow,
  work: Work,
  say: (line: string) => void,
): Promise<Map<string, TimedPeer>> {
  const peers = new Map<string, TimedPeer>();
  const scripts = [
    ['pytorch', 'torch', 'train_torch.py'],
    ['keras', 'keras', 'train_keras.py'],
  ] as const;
  for (const [name, environment, script] of scripts) {
    const found = await pythonOf(environment);
    if ('missing' in found) {
      say(`train: ${name} is missing: ${found.missing}`);
      continue;
    }
    const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
    // Threads that wait for work mustn't spin in the others' turns, nor on a processor that another thread needs.
    const options = { TF_NUM_INTRAOP_THREADS: String(threads), OMP_WAIT_POLICY: 'PASSIVE' };
    peers.set(
      name,
      await startPeer(found.python, [path, work.name, String(work.batch), String(threads)], options),
    );
  }
  return peers.set('tfjs', await startLayers(tf, work));
}

/** `fit`, begun anew each round; the first steps aren't counted. */
async function startFit({ model, batch }: Work): Promise<TimedPeer> {
  const data = randomBatch(model, batch);
  return {
    async time(steps) {
      const clock = stopwatch();
      let time: StepTime = { wallMs: NaN, cpuMs: NaN };
      await fit({
        models: { model },
        updates: [{ optimizer: sgd(), learningRate: 0.01, terms: [crossEntropy()] }],
        data: {
          examples: batch * (warmUp + steps),
          count: warmUp + steps,
          *batches() {
            for (let step = 0; step < warmUp + steps; step++) {
              if (step === warmUp) clock.start();
              yield data;
            }
            time = clock.each(steps);
          },
        },
        epochs: 1,
        random: createRandom(0),
      });
      return time;
    },
    stop: () => Promise.resolve(),
  };
}

async function startLayers(tf: TensorFlow, { name, model, batch }: Work): Promise<TimedPeer> {
  const { inputs, labels } = randomBatch(model, batch);
  const net = layersNetworks[name](tf);
  net.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: 'categoricalCrossentropy' });
  const x = tf.tensor(inputs[0].data as Float32Array, [...inputs[0].shape]);
  const y = tf.oneHot(tf.tensor1d(labels.data as Int32Array, 'int32'), net.outputShape[1] as number);
  for (let step = 0; step < warmUp; step++) await net.trainOnBatch(x, y);
  return {
    async time(steps) {
      const clock = stopwatch();
      clock.start();
      for (let step = 0; step < steps; step++) await net.trainOnBatch(x, y);
      return clock.each(steps);
    },
    stop() {
      net.dispose();
      x.dispose();
      y.dispose();
      return Promise.resolve();
    },
  };
}

function randomBatch(model: Model, batch: number): Batch {
  const stream = createRandom(1).at('bench');
  const of = (id: string) => model.values.get(id)!.shape.slice(1) as number[];
  const shape = [batch, ...of(model.inputs[0].id)];
  const [classes] = of(model.outputs[0].id);
  const images = Float32Array.from({ length: sizeOf(shape) }, () => stream.float());
  const labels = Int32Array.from({ length: batch }, () => stream.int(classes));
  return { inputs: [float32(shape, images)], labels: tensor('int32', [batch], labels) };
}

function stopwatch() {
  let from = 0;
  let used = process.cpuUsage();
  return {
    start() {
      from = performance.now();
      used = process.cpuUsage();
    },
    each(steps: number): StepTime {
      const { user, system } = process.cpuUsage(used);
      return { wallMs: (performance.now() - from) / steps, cpuMs: (user + system) / 1000 / steps };
    },
  };
}
