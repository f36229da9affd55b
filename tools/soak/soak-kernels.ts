import { cliProgress } from '@whittle/cli';
import { gatherCases, int16OpSuites, int8Suites, prepareSuites } from '@whittle/testkit';
import type { Suite } from '@whittle/testkit';
import { furtherRuntimes, suiteOptions, testedRuntimes } from '../../test/suites/tested-runtimes.js';
import { failed } from './soak-models.js';
import type { SoakState } from './state.js';

/** Seeds whose cases go into one program a runtime. */
const seedsPerProgram = 25;
/** Cases side by side in one model: more make its plan slower than the compilers that they save. */
const casesPerModel = 8;

export interface SoakKernelsOptions {
  readonly from: number;
  /** Cases of each suite, on each runtime. */
  readonly count: number;
  /** Suites by name; all that have cases of one op where it is left out. */
  readonly suites?: readonly string[];
  /** Runtimes by name; all that agree bit for bit where it is left out. */
  readonly runtimes?: readonly string[];
  readonly save: () => void;
}

/** Random parameters for every op: integer evaluation against TensorFlow Lite Micro and the C programs of every target. */
export async function soakKernels(
  state: SoakState,
  { from, count, suites, runtimes, save }: SoakKernelsOptions,
): Promise<void> {
  const chosen = (names: readonly string[] | undefined, name: string) => names?.includes(name) ?? true;
  const exact = [...testedRuntimes, ...furtherRuntimes].filter(
    ({ runtime, tolerance }) => !tolerance && chosen(runtimes, runtime.name),
  );
  for (const tested of exact) {
    const { name } = tested.runtime;
    const missing = await tested.runtime.unavailable();
    if (missing !== undefined) throw new Error(`${name}: ${missing}`);
    const task = cliProgress()(`kernels on ${name}`, count);
    const key = [name, ...(suites ?? [])].join(' ');
    state.kernels[key] ??= { seeds: 0, cases: 0 };
    while (state.kernels[key].seeds < count) {
      const { seeds: done, cases } = state.kernels[key];
      const seeds = Array.from(
        { length: Math.min(seedsPerProgram, count - done) },
        (_, i) => from + done + i,
      );
      const all: Suite[] = [...int8Suites(seeds), ...int16OpSuites(seeds)];
      const some = all.filter((suite) => chosen(suites, suite.name));
      const gathered = gatherCases(some, casesPerModel);
      const { results } = await (await prepareSuites([gathered], suiteOptions))(tested);
      for (const result of results)
        if (result.outcome === 'failed')
          state.failures.push(`${name}, seeds ${seeds[0]} and on, ${result.case}: ${result.message}`);
      const more = some.reduce((sum, suite) => sum + suite.cases().length, 0);
      state.kernels[key] = { seeds: done + seeds.length, cases: cases + more };
      save();
      task.update(done + seeds.length, failed(state));
    }
    task.finish();
  }
}
