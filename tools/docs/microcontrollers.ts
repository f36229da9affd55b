/**
 * Writes docs/microcontrollers.md: what int8 models of MLPerf Tiny take on every emulated target, beside what other engines
 * take. `npm run docs:microcontrollers -- FOLDER`, where FOLDER has ic_resnet8_int8.tflite, kws_dscnn_int8.tflite and
 * ad_autoencoder_int8.tflite.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { bind } from '@whittle/core';
import type { Model, RunCost } from '@whittle/core';
import { defaultRegistry } from '@whittle/cli';
import { targets } from '@whittle/mcu';
import { runtimeContext, sequenceInputs } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';
import { models, peerInstructions, peerMemory, publishedCycles } from './peer-figures.js';
import type { ModelName } from './peer-figures.js';

const files: Readonly<Record<ModelName, string>> = {
  ic: 'ic_resnet8_int8.tflite',
  kws: 'kws_dscnn_int8.tflite',
  ad: 'ad_autoencoder_int8.tflite',
};
const titles: Readonly<Record<ModelName, string>> = {
  ic: 'image classification, ResNet-8',
  kws: 'keyword spotting, DS-CNN',
  ad: 'anomaly detection, autoencoder',
};
const optimizations = ['speed', 'ram', 'flash'] as const;
type Optimization = (typeof optimizations)[number];

const path = 'docs/microcontrollers.md';
const registry = defaultRegistry();
const context = runtimeContext(registry);
const costs = new Map<string, RunCost>();
const keyOf = (model: ModelName, target: string, optimize: Optimization) => `${model} ${target} ${optimize}`;
const costOf = (model: ModelName, target: string, optimize: Optimization): RunCost => {
  const cost = costs.get(keyOf(model, target, optimize));
  if (!cost) throw new Error(`${target} gave no costs`);
  return cost;
};
const emulated = targets.filter(({ emulator }) => emulator);

async function measure(folder: string): Promise<void> {
  for (const name of models) {
    const model: Model = bind(readTfliteModel(await readFile(join(folder, files[name]))), { batch: 1 });
    const cases = [{ model, inputs: [sequenceInputs(model, 1)] }];
    for (const { name: target } of emulated)
      for (const optimize of optimizations) {
        process.stderr.write(`${name} on ${target}, ${optimize}\n`);
        const options = { optimize, layers: true };
        const [result] = await registry.runtimes.get(target)!.run(cases, { ...context, options });
        if (result.cost) costs.set(keyOf(name, target, optimize), result.cost);
      }
  }
}

const number = (value: number) => Math.round(value).toLocaleString('en-US');
const millions = (value: number) => (value / 1e6).toPrecision(3);
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');

function compared(ours: number, peer: number): string {
  return ours <= peer ? `${(peer / ours).toFixed(2)}x fewer` : `${(ours / peer).toFixed(2)}x more`;
}

function instructionTable(): string {
  const rows = emulated.flatMap(({ name }) => {
    const ours = models.map((model) => costOf(model, name, 'speed').instructions);
    const peer = peerInstructions[name];
    if (!peer) return [[`**${name}**`, 'Whittle', ...ours.map(number)]];
    const ratios = models.map((model, i) => `${number(ours[i])} (${compared(ours[i], peer[model])})`);
    return [
      [`**${name}**`, 'Whittle', ...ratios],
      ['', peer.engine, ...models.map((model) => number(peer[model]))],
    ];
  });
  return table(['target', 'engine', ...models], rows);
}

function cycleTable(): string {
  const ours = emulated.flatMap(({ name }) => {
    const cycles = models.map((model) => costOf(model, name, 'speed').estimatedCycles);
    if (cycles.some((value) => value === undefined)) return [];
    return [[name, 'Whittle, **estimated**', ...cycles.map((value) => millions(value!))]];
  });
  const published = publishedCycles.map((each) => [
    each.core,
    `${each.engine}, measured`,
    ...models.map((model) => String(each[model])),
  ]);
  return table(['core', 'engine', ...models], [...ours, ...published]);
}

function memoryTable(model: ModelName): string {
  const rows = emulated.flatMap(({ name, emulator }) =>
    optimizations.map((optimize) => {
      const cost = costOf(model, name, optimize);
      const stack = emulator?.board ? cost.stackBytes : undefined;
      return [
        name,
        optimize,
        number(cost.instructions),
        number(cost.arenaBytes),
        stack === undefined ? '-' : `${number(stack)} (at most ${number(cost.worstStackBytes ?? stack)})`,
        stack === undefined ? '-' : number(cost.arenaBytes + cost.scratchBytes + stack),
        number(cost.flashBytes),
        number(cost.weightBytes),
      ];
    }),
  );
  const peer = [
    'cortex-m4',
    'TFLite Micro + CMSIS-NN',
    number(peerInstructions['cortex-m4'][model]),
    number(peerMemory.arena[model]),
    number(peerMemory.stack[model]),
    number(peerMemory.arena[model] + peerMemory.stack[model]),
    number(peerMemory.flash[model]),
    '-',
  ];
  const head = ['target', '`--optimize`', 'instructions', 'arena', 'stack', 'RAM', 'flash', 'weights'];
  return table(head, [...rows, peer]);
}

function page(): string {
  return `# On microcontrollers

Written by \`npm run docs:microcontrollers -- FOLDER\`, with the int8 models of MLPerf Tiny in FOLDER; not to be edited.

One inference each of the unchanged int8 models: ${models.map((name) => `**${name}** (${titles[name]})`).join(', ')}. All outputs
equal TensorFlow Lite Micro's to the bit.

## Instructions

Executed instructions, counted exactly in QEMU, optimized for speed. The peers were counted in the same way, on the same machines, with
the same input and compiler.

${instructionTable()}
## Cycles, in millions

Ours are **estimates**: executed instructions times cycles from Arm's manuals, for memory without wait states, loads not
overlapping. The Cortex-M7 is taken to issue one instruction at a time, though it can issue two; 64-bit cores have no estimate.
The others' are published results of boards (MLPerf Tiny).

${cycleTable()}
## Memory

In bytes. RAM is arena, other static data and the stack that was used; in parentheses the most that it can be by the call graph.
Flash is code and tables with all that they need of libraries, without weights, biases and multipliers, which stand in the last
column.

${models.map((model) => `### ${model}: ${titles[model]}\n\n${memoryTable(model)}`).join('\n')}`;
}

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write('expected the folder with the models\n');
  process.exitCode = 2;
} else {
  await measure(folder);
  const options = await resolveConfig(path);
  await writeFile(`${path}.tmp`, await format(page(), { ...options, parser: 'markdown' }));
  await rename(`${path}.tmp`, path);
}
