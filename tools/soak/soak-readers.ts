import { cliProgress } from '@whittle/cli';
import { fuzzReader } from '../../test/fuzz/fuzz-reader.js';
import { isKnown } from '../../test/fuzz/known-faults.js';
import { samplesOf } from '../../test/fuzz/samples.js';
import type { Sample } from '../../test/fuzz/samples.js';
import { registry } from '../../test/random/context.js';
import { failed } from './soak-models.js';
import type { SoakState } from './state.js';

/** Mutations that one process reads. */
const perProcess = 5000;

export interface SoakReadersOptions {
  /** Mutations of files of each format. */
  readonly count: number;
  readonly seed: number;
  readonly save: () => void;
}

/** Damaged files of every format, the files in turn, two processes at a time. */
export async function soakReaders(state: SoakState, options: SoakReadersOptions): Promise<void> {
  for (const { format } of registry.readers) {
    const samples = await samplesOf(format);
    const each = Math.ceil(options.count / samples.length);
    const task = cliProgress()(`damaged files of ${format}`, each * samples.length);
    const keys = samples.map(({ name }) => `${format}/${name}`);
    const update = () => {
      const done = keys.reduce((sum, key) => sum + (state.mutations[key] ?? 0), 0);
      task.update(done, failed(state));
    };
    const waiting = samples.map((sample, i) => ({ sample, key: keys[i] }));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        await soakSample(state, format, next.sample, next.key, each, options, update);
    };
    update();
    await Promise.all([work(), work()]);
    task.finish();
  }
}

async function soakSample(
  state: SoakState,
  format: string,
  sample: Sample,
  key: string,
  count: number,
  { seed, save }: SoakReadersOptions,
  update: () => void,
): Promise<void> {
  let done = state.mutations[key] ?? 0;
  while (done < count) {
    const to = Math.min(count, done + perProcess);
    const { faults } = await fuzzReader(format, sample, { seed, from: done, to });
    for (const fault of faults.filter((each) => !isKnown(each)))
      state.failures.push(`${key}, seed ${seed}, mutation ${fault.index}: ${fault.message}`);
    state.mutations[key] = done = to;
    save();
    update();
  }
}
