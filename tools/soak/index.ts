/**
 * `npm run soak -- [--models N] [--compiled N] [--kernels N] [--mutations N] [--from SEED] [--fresh]`: random models through
 * every check, quantized ones as C programs, random parameters of every op on every target (of some suites and runtimes with
 * `--suites NAMES`, `--runtimes NAMES`), and damaged files of each format, many of them. What is done is kept in .cache/soak,
 * and a run that was stopped goes on from there.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { soakKernels } from './soak-kernels.js';
import { soakCompiled, soakModels } from './soak-models.js';
import { soakReaders } from './soak-readers.js';
import { readState, writeState } from './state.js';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '50000' },
    compiled: { type: 'string', default: '2000' },
    kernels: { type: 'string', default: '2000' },
    suites: { type: 'string' },
    runtimes: { type: 'string' },
    mutations: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '1' },
    fresh: { type: 'boolean', default: false },
  },
});

function whole(name: 'models' | 'compiled' | 'kernels' | 'mutations' | 'from'): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name}: expected a whole number, found ${values[name]}`);
  return number;
}

const from = whole('from');
const path = `.cache/soak/from-${from}.json`;
if (values.fresh) rmSync(path, { force: true });
const state = readState(path, from);
const save = () => writeState(path, state);
const started = Date.now();

await soakModels(state, { from, count: whole('models'), save });
await soakCompiled(state, { count: whole('compiled'), save });
await soakKernels(state, {
  from,
  count: whole('kernels'),
  suites: values.suites?.split(','),
  runtimes: values.runtimes?.split(','),
  save,
});
await soakReaders(state, { count: whole('mutations'), seed: from, save });

const mutations = Object.values(state.mutations).reduce((sum, count) => sum + count, 0);
const kernels = Object.values(state.kernels).reduce((sum, { cases }) => sum + cases, 0);
const seconds = Math.round((Date.now() - started) / 1000);
process.stdout.write(
  `${state.models} models, ${state.compiled.count} compiled, ${kernels} cases of kernels, ${mutations} damaged files (${seconds} s now): ${state.failures.length} failed\n`,
);
for (const failure of state.failures) process.stdout.write(`${failure}\n`);
process.exit(state.failures.length > 0 ? 1 : 0);
