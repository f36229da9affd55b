/**
 * Compares all criteria of channel pruning on one trained network and writes docs/experiments/pruning-criteria.json and .md:
 * `npx tsx --conditions=@whittle/source tools/experiments/pruning-criteria/index.ts --data FOLDER [--seeds 1,2,3]`. The folder
 * holds MNIST's files. A seed takes minutes; those that the file holds already are kept, and run again where they are named.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pruneRanked, pruningOptions } from '@whittle/channel-pruning';
import { runToExit } from '@whittle/cli';
import { channelGroups, createRandom, modelCost, runPipeline } from '@whittle/core';
import type { Evaluator, Model } from '@whittle/core';
import { batches, split } from '@whittle/datasets';
import type { Dataset } from '@whittle/datasets';
import { reconstructLayers } from '@whittle/pruning';
import { accuracy, cosine, measure, sgd, tfjsEvaluator, train, weightDecay } from '@whittle/train';
import { digitsNet } from '@whittle/zoo';
import { writeFormatted } from '../../docs/write-formatted.js';
import { loadMnist } from '../load-mnist.js';
import { criteria } from './criteria.js';
import type { CriterionEntry } from './criteria.js';
import { resultsPage } from './results-page.js';
import type { CriterionResults, CriterionRow } from './results-page.js';

const RESULTS = 'docs/experiments/pruning-criteria';
const SHARES = [0.7, 0.5, 0.3];
const EXAMPLES = { train: 8_000, tune: 4_000 };
const EPOCHS = { train: 6, tune: 1 };
const EVIDENCE = { batchSize: 100, batches: 5 };

const { values } = parseArgs({
  options: { data: { type: 'string' }, seeds: { type: 'string', default: '1,2,3' } },
});

const bySgd = { optimizer: sgd({ nesterov: true }), penalties: [weightDecay(1e-4)], metrics: [] };

async function trained(
  model: Model,
  part: Dataset,
  epochs: number,
  rate: number,
  seed: number,
): Promise<Model> {
  const data = batches(part, { batchSize: 64, shuffle: true });
  const pass = train({ ...bySgd, data, epochs, learningRate: cosine({ initial: rate }) });
  return (await runPipeline(model, [pass], { seed })).model;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - start) / 1000];
}

async function run(signal: AbortSignal): Promise<void> {
  const { data: folder } = values;
  const seeds = values.seeds.split(',').map(Number);
  if (folder === undefined || !seeds.every(Number.isSafeInteger))
    throw new Error('expected --data FOLDER and whole numbers as --seeds');
  const evaluator = await tfjsEvaluator();
  const { train: images, test } = await loadMnist(folder);
  const parts = split(images, { train: EXAMPLES.train }, createRandom(1));
  const score = async (model: Model) =>
    (await measure(model, batches(test, { batchSize: 500 }), [accuracy()], { evaluator, signal })).accuracy;
  const dense = await trained(digitsNet({ random: createRandom(1) }), parts.train, EPOCHS.train, 0.1, 1);
  const { macs, parameters } = modelCost(dense);
  const full = { accuracy: await score(dense), macs, parameters };
  console.log(`dense: ${full.accuracy}`);
  for (const seed of seeds) {
    const rows: CriterionRow[] = [];
    for (const entry of criteria)
      for (const row of await compare(entry, dense, parts.train, seed, evaluator, score, signal)) {
        console.log(JSON.stringify(row));
        rows.push(row);
      }
    const all = [...(await knownRows()).filter((row) => row.seed !== seed), ...rows];
    all.sort((a, b) => a.seed - b.seed);
    const done = [...new Set(all.map((row) => row.seed))];
    await write({ setting: settingOf(test, done), dense: full, rows: all });
  }
}

/** Rows of earlier runs: seeds that aren't run again are kept. */
async function knownRows(): Promise<readonly CriterionRow[]> {
  try {
    return (JSON.parse(await readFile(`${RESULTS}.json`, 'utf8')) as CriterionResults).rows;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function settingOf(test: Dataset, seeds: readonly number[]): string[] {
  return [
    `digits-net of the zoo, trained on ${EXAMPLES.train} images of MNIST for ${EPOCHS.train} epochs (SGD with Nesterov momentum 0.9, batches of 64, a learning rate that falls from 0.1 along a cosine, weight decay 1e-4); ${test.count} test images, so that one image is ${(100 / test.count).toFixed(3)} points.`,
    `Criteria look at ${EVIDENCE.batches * EVIDENCE.batchSize} training images, drawn by the seed; so are the order of fine-tuning and what is random.`,
    `Each pruned network is fine-tuned on ${EXAMPLES.tune} of the images, epochs: ${EPOCHS.tune}, from a learning rate of 0.02.`,
    `As few channels go as bring the network under the share of the MACs. Channels that hold constants for padded borders stay and count.`,
    `Zero activations do worse than random here. A likely reason: most of an image is background, where channels that answer to strokes are zero.`,
    `Seeds: ${seeds.join(', ')}; all of one dense network. Structured sparsity learning is no part of it, as it trains another.`,
  ];
}

/** One criterion at all shares, from one ranking. */
async function compare(
  { name, spread, fit, rank }: CriterionEntry,
  dense: Model,
  part: Dataset,
  seed: number,
  evaluator: Evaluator,
  score: (model: Model) => Promise<number>,
  signal: AbortSignal,
): Promise<CriterionRow[]> {
  const random = createRandom(seed);
  const data = batches(part, { batchSize: EVIDENCE.batchSize, shuffle: true });
  const evidence = { data, batches: EVIDENCE.batches, evaluator, random, signal };
  const { groups } = channelGroups(dense);
  const [ranked, rankSeconds] = await timed(async () => rank(dense, groups, evidence));
  const rows: CriterionRow[] = [];
  for (const share of SHARES) {
    const options = pruningOptions.parse({ budget: { of: 'macs', share, spread } });
    const [pruned, pruneSeconds] = await timed(async () => {
      const { model, removed } = await pruneRanked(dense, ranked, options, { log: () => undefined, signal });
      return fit ? (await reconstructLayers(dense, model, removed, evidence, { fit })).model : model;
    });
    const some = split(part, { tune: EXAMPLES.tune }, random).tune;
    const [tuned, tuneSeconds] = await timed(() => trained(pruned, some, EPOCHS.tune, 0.02, seed));
    const { macs, parameters } = modelCost(pruned);
    rows.push({
      criterion: name,
      spread,
      share,
      seed,
      macs,
      parameters,
      pruned: await score(pruned),
      tuned: await score(tuned),
      seconds: { rank: rankSeconds, prune: pruneSeconds, tune: tuneSeconds },
    });
  }
  return rows;
}

async function write(results: CriterionResults): Promise<void> {
  await writeFormatted(`${RESULTS}.json`, JSON.stringify(results));
  await writeFormatted(`${RESULTS}.md`, resultsPage(results));
}

process.exitCode = await runToExit(run);
