/**
 * `npm run experiment -- NAME --data FOLDER [--seeds 1,2,3]`: trains a paper's experiment and writes docs/experiments/NAME.json and
 * NAME.md. Seeds that the file holds already are kept, and run again where they are named. This takes minutes to hours.
 */
import { parseArgs } from 'node:util';
import { cliProgress, runToExit } from '@whittle/cli';
import { modelCost, runPipeline } from '@whittle/core';
import { accuracy, measure, tfjsEvaluator } from '@whittle/train';
import type { Experiment, ExperimentRow } from './experiment.js';
import { readResults, writeResults } from './results.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, seeds: { type: 'string', default: '1' } },
});
const [name] = positionals;
const { data } = values;
const seeds = values.seeds.split(',').map(Number);

async function run(signal: AbortSignal): Promise<void> {
  if (positionals.length !== 1 || data === undefined || !seeds.every((seed) => Number.isSafeInteger(seed)))
    throw new Error('expected the name of an experiment, --data FOLDER and whole numbers as --seeds');
  const { experiment } = (await import(`./${name}.js`)) as { experiment: Experiment };
  const parts = await experiment.load(data);
  const evaluator = await tfjsEvaluator();
  for (const seed of seeds) {
    const started = Date.now();
    const rows: ExperimentRow[] = [];
    await experiment.run({
      parts,
      seed,
      apply: async (model, ...passes) =>
        (await runPipeline(model, passes, { seed, evaluator, progress: cliProgress(), signal })).model,
      async row(network, model) {
        const seconds = Math.round((Date.now() - started) / 1000);
        const test = experiment.testBatches(parts.test);
        const right = (await measure(model, test, [accuracy()], { evaluator, signal })).accuracy;
        const { parameters, macs } = modelCost(model);
        const error = Math.round((1 - right) * 1e5) / 1e3;
        rows.push({ network, seed, error, parameters, macs, seconds });
        console.log(
          `seed ${seed}, ${network}: ${error}% error, ${parameters} parameters, ${macs} MACs, ${seconds} s`,
        );
      },
    });
    const { rows: known } = await readResults(name);
    const others = known.filter((row) => row.seed !== seed);
    await writeResults(name, experiment, {
      trainExamples: parts.train.count,
      testExamples: parts.test.count,
      rows: [...others, ...rows].sort((a, b) => a.seed - b.seed),
    });
  }
}

process.exitCode = await runToExit(run);
