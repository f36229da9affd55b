import { bind, displayName, WhittleError } from '@whittle/core';
import type { LayerCost, RunCost, RunResult, Runtime } from '@whittle/core';
import { runtimeContext } from '@whittle/testkit';
import { crc32 } from '../crc32.js';
import { readInputs } from '../inputs.js';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';

export interface RunOptions {
  readonly on: readonly string[];
  readonly input: readonly string[];
  readonly optimize?: string;
}

/** One entry of `run --json`; costs are there for emulated targets only. */
type RunEntry = { readonly runtime: string; readonly outputCrc32: string } & Partial<RunCost>;

/** `run MODEL --on RUNTIME[,RUNTIME]`: what runtimes answer, as a CRC-32 of all outputs, and what it cost. */
export async function run(path: string, options: RunOptions, session: Session): Promise<void> {
  const runtimes = options.on.map((name) => lookUp('runtime', session.registry.runtimes, name));
  const { model: read } = await readModelFile(path, session.registry);
  const model = bind(read, { batch: 1 });
  const inputs = await readInputs(options.input, model);
  const { optimize } = options;
  const context = {
    ...runtimeContext(session.registry, session.signal),
    options: { layers: true, ...(optimize === undefined ? {} : { optimize }) },
  };
  for (const runtime of runtimes) await expectAvailable(runtime);
  const runs: RunEntry[] = [];
  for (const runtime of runtimes) {
    const title = `${runtime.name}, ${inputs.length} input(s)`;
    const [result] = await showProgress(session, title, inputs.length, (onInference) =>
      runtime.run([{ model, inputs }], { ...context, onInference }),
    );
    runs.push(entryOf(runtime, result));
  }
  printResult(session, { model: path, runs }, describe);
}

/** @throws TARGET_UNAVAILABLE with the reason */
export async function expectAvailable(runtime: Runtime): Promise<void> {
  const reason = await runtime.unavailable();
  if (reason !== undefined)
    throw new WhittleError('TARGET_UNAVAILABLE', `runtime ${runtime.name} can't run here: ${reason}`);
}

/** In the order in which they are told. */
const costKeys = [
  'instructions',
  'estimatedCycles',
  'arenaBytes',
  'scratchBytes',
  'stackBytes',
  'worstStackBytes',
  'flashBytes',
  'codeBytes',
  'weightBytes',
] as const;

function entryOf(runtime: Runtime, { outputs, cost }: RunResult): RunEntry {
  const entry = { runtime: runtime.name, outputCrc32: crc32(outputs.flat()) };
  if (!cost) return entry;
  const { layers, functions, ...sums } = cost;
  const known = costKeys.flatMap((key) => (sums[key] === undefined ? [] : [[key, sums[key]] as const]));
  return {
    ...entry,
    ...Object.fromEntries(known),
    ...(layers ? { layers } : {}),
    ...(functions ? { functions } : {}),
  };
}

function describe({ runs }: { readonly runs: readonly RunEntry[] }): string {
  const columns = [
    ['runtime', 'runtime'],
    ['output CRC-32', 'outputCrc32'],
    ['instructions', 'instructions'],
    ['estimated cycles', 'estimatedCycles'],
    ['arena', 'arenaBytes'],
    ['other RAM', 'scratchBytes'],
    ['stack', 'stackBytes'],
    ['flash', 'flashBytes'],
    ['weights', 'weightBytes'],
  ] as const;
  const used = columns.filter(([, key]) => runs.some((entry) => entry[key] !== undefined));
  const summary = formatTable({
    head: used.map(([title]) => title),
    rows: runs.map((entry) => used.map(([, key]) => entry[key] ?? '-')),
  });
  const layered = runs.flatMap(({ runtime, layers }) => (layers ? [describeLayers(runtime, layers)] : []));
  return [summary, ...layered].join('\n');
}

function describeLayers(runtime: string, layers: readonly LayerCost[]): string {
  const timed = layers.some(({ estimatedCycles }) => estimatedCycles !== undefined);
  return formatTable({
    head: [
      `layer on ${runtime}`,
      'op',
      'MACs',
      'instructions',
      ...(timed ? ['estimated cycles'] : []),
      'weights',
    ],
    rows: layers.map(({ name, op, macs, instructions, estimatedCycles, weightBytes }) => [
      name.split(', ').map(displayName).join(', '),
      op,
      macs,
      instructions,
      ...(timed ? [estimatedCycles ?? '-'] : []),
      weightBytes,
    ]),
  });
}
