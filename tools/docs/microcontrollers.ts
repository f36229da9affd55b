/**
 * Writes docs/microcontrollers.md: what int8 models of MLPerf Tiny take on every emulated target, beside what other engines
 * take. `npm run docs:microcontrollers -- FOLDER`, where FOLDER has ic_resnet8_int8.tflite, kws_dscnn_int8.tflite and
 * ad_autoencoder_int8.tflite.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bind } from '@whittle/core';
import type { Model } from '@whittle/core';
import { defaultRegistry } from '@whittle/cli';
import { toolVersion } from '@whittle/mcu';
import { runtimeContext, sequenceInputs } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';
import { files, microcontrollersPage } from './microcontrollers-page.js';
import { models } from './peer-figures.js';
import { emulated, optimizations, TargetCosts } from './target-costs.js';
import { writeFormatted } from './write-formatted.js';

const path = 'docs/microcontrollers.md';

async function measure(folder: string): Promise<TargetCosts> {
  const registry = defaultRegistry();
  const context = runtimeContext(registry);
  const costs = new TargetCosts();
  for (const name of models) {
    const model: Model = bind(readTfliteModel(await readFile(join(folder, files[name]))), { batch: 1 });
    const cases = [{ model, inputs: [sequenceInputs(model, 1)] }];
    for (const { name: target } of emulated)
      for (const optimize of optimizations) {
        process.stderr.write(`${name} on ${target}, ${optimize}\n`);
        const options = { optimize, layers: true };
        const [result] = await registry.runtimes.get(target)!.run(cases, { ...context, options });
        if (result.cost) costs.set(name, target, optimize, result.cost);
      }
  }
  return costs;
}

/** Compilers and emulators. */
async function versions(): Promise<string[]> {
  const tools = emulated.flatMap(({ compiler, emulator }) => [compiler, emulator!.command]);
  return Promise.all([...new Set(tools)].sort().map(toolVersion));
}

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write('expected the folder with the models\n');
  process.exitCode = 2;
} else {
  const page = microcontrollersPage(await measure(folder), await versions());
  await writeFormatted(path, page);
}
