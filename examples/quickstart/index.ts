// From real handwritten digits to a microcontroller program: train, slim, distil, quantize, export, run everywhere.
import { parseArgs } from 'node:util';
import { cliProgress, runToExit, scoreTable, stageTable, writeArtifact } from '@whittle/cli';
import type { Stage } from '@whittle/cli';
import { createRandom, createRegistry, modelBytes, modelCost, runPipeline } from '@whittle/core';
import type { Model, Pass } from '@whittle/core';
import { batches, loadDigits, padCrop, split, toTensor } from '@whittle/datasets';
import { fineTune } from '@whittle/distillation';
import { int8Plugin } from '@whittle/int8';
import { mcu } from '@whittle/mcu';
import { postTraining } from '@whittle/quantization';
import { pruneChannels } from '@whittle/slimming';
import { judgesPlugin, runtimeContext, scoreRuntimes } from '@whittle/testkit';
import { emitTflite, tflitePlugin } from '@whittle/tflite';
import { accuracy, cosine, l1, measure, sgd, tfjsEvaluator, train } from '@whittle/train';
import { digitsNet } from '@whittle/zoo';

const plugins = [int8Plugin, tflitePlugin, mcu, judgesPlugin];
const registry = createRegistry(plugins);
const { lowerings, backends, runtimes } = registry;

async function quickstart(seed: number, out: string, signal: AbortSignal): Promise<void> {
  const progress = cliProgress();
  const evaluator = await tfjsEvaluator();
  const run = async (model: Model, ...passes: Pass[]) =>
    (await runPipeline(model, passes, { seed, plugins, evaluator, progress, signal })).model;

  const random = createRandom(seed);
  const digits = await loadDigits();
  const parts = split(digits, { train: 7000, validation: 1000, test: 2000 }, random);
  const data = batches(parts.train, { batchSize: 64, shuffle: true, augment: [padCrop(2)] });
  const score = async (model: Model, part = parts.test) =>
    (await measure(model, batches(part, { batchSize: 500 }), [accuracy()], { evaluator, signal })).accuracy;
  const bySgd = { data, optimizer: sgd({ nesterov: true }) };

  // Train with an L1 term on the batch-norm scales, which tells the channels that matter from the others.
  const { labelNames: labels, preprocess } = digits;
  const initial = digitsNet({ width: 20, gamma: 0.5, random, labels, preprocess });
  const dense = await run(
    initial,
    train({ ...bySgd, epochs: 20, learningRate: cosine({ initial: 0.1 }), penalties: [l1(3e-3)] }),
  );

  // Remove channels by one global threshold. Accuracy stays, up to a ratio, and then falls off a cliff: the ratio is the
  // largest that costs at most 1.5 points on the validation digits, 54% of the channels at least.
  const least = (await score(dense, parts.validation)) - 0.015;
  let [pruned, ratio] = [dense, 0];
  const choice = progress('choose the ratio', 5);
  for (ratio of [0.62, 0.6, 0.58, 0.56, 0.54]) {
    choice.update(Math.round((0.64 - ratio) / 0.02), `${ratio}`);
    pruned = await run(dense, pruneChannels({ ratio, cap: 0.75 }));
    if ((await score(pruned, parts.validation)) >= least) break;
  }
  choice.finish();

  // The dense network teaches what is left.
  const teach = { teacher: dense, epochs: 10, learningRate: cosine({ initial: 0.05 }) };
  const slim = await run(pruned, fineTune({ ...bySgd, ...teach }));

  // Quantize by 500 training digits, and write one .tflite and one C project of the same integer model.
  const sample = { data: batches(parts.train, { batchSize: 100 }), batches: 5 };
  const int8 = await run(slim, postTraining(sample));
  const tflite = await emitTflite(int8, { lowerings, names: 'boundary' });
  const exporting = progress('build the C project', 1);
  const project = await backends.get('cortex-m4')!.emit(int8, { lowerings, options: {} });
  exporting.update(1);
  exporting.finish();

  // Run them on the test digits: our integer evaluation, TFLite Micro, LiteRT and the C program on an emulated board.
  const examples = { inputs: toTensor(parts.test), labels: parts.test.labels };
  const on = ['int8', 'tflm', 'litert', 'cortex-m4'].map((name) => runtimes.get(name)!);
  const context = { ...runtimeContext(registry, signal), toTflite: () => Promise.resolve(tflite) };
  const judged = await scoreRuntimes(int8, examples, on, context, progress);

  const stageOf = (stage: string, model: Model, accuracy: number, bytes = modelBytes(model)) =>
    ({ stage, accuracy, ...modelCost(model), bytes }) satisfies Stage;
  const stages = [
    stageOf('dense', dense, await score(dense)),
    stageOf(`pruned, ratio ${ratio}`, pruned, await score(pruned)),
    stageOf('fine-tuned', slim, await score(slim)),
    ...judged.scores.map((s) => stageOf(`int8 on ${s.runtime}`, int8, s.accuracy, tflite.length)),
  ];
  const report = new TextEncoder().encode(`${JSON.stringify({ seed, ratio, stages, ...judged }, null, 2)}\n`);
  const written = [...project.files].map(([path, bytes]) => [`cortex-m4/${path}`, bytes] as const);
  const files = new Map([['digits.tflite', tflite], ['report.json', report], ...written]);
  await writeArtifact({ files }, out, signal);

  console.log(stageTable(stages));
  console.log(scoreTable(judged));
  console.log(`written: ${out}/digits.tflite, ${out}/cortex-m4/ (C project), ${out}/report.json`);
}

process.exitCode = await runToExit((signal) => {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, out: { type: 'string' } } });
  return quickstart(Number(values.seed ?? 1), values.out ?? 'out/quickstart', signal);
});
