import { cliProgress } from '@whittle/cli';
import { int8Runtime } from '@whittle/int8';
import { cortexM4Runtime, hostRuntime } from '@whittle/mcu';
import { randomModel } from '@whittle/testkit';
import { Findings } from '../../test/random/check.js';
import { compiledCases } from '../../test/random/compiled-cases.js';
import { context } from '../../test/random/context.js';
import { checkFloat } from '../../test/random/float-checks.js';
import { checkIntegers } from '../../test/random/integer-checks.js';
import { checkLiteRtIntegers } from '../../test/random/integer-litert.js';
import { checkStoredWeights } from '../../test/random/stored-weights-checks.js';
import { checkTflite } from '../../test/random/tflite-checks.js';
import type { SoakState } from './state.js';

const perBatch = 50;

/** Random models from a seed on through every check, with activations of int8 and int16. */
export async function soakModels(
  state: SoakState,
  { from, count, save }: { readonly from: number; readonly count: number; readonly save: () => void },
): Promise<void> {
  const task = cliProgress()('random models', count);
  while (state.models < count) {
    const seed = from + state.models;
    const findings = new Findings();
    try {
      const random = randomModel(seed);
      await checkFloat(random, findings);
      await checkTflite(random, findings);
      for (const weights of ['float16', 'dynamic-range'] as const)
        await checkStoredWeights(random, weights, findings);
      for (const activations of ['int8', 'int16'] as const) {
        const quantized = await checkIntegers(seed, activations, findings);
        if (quantized) await checkLiteRtIntegers(quantized, findings);
      }
    } catch (error) {
      state.failures.push(`random model, seed ${seed}: ${String(error)}`);
    }
    for (const { check, message } of findings.failures)
      state.failures.push(`random model, seed ${seed}, ${check}: ${message}`);
    state.models++;
    if (state.models % 100 === 0) save();
    task.update(state.models, failed(state));
  }
  task.finish();
  save();
}

/** Quantized random models as C programs, many in one binary, for this machine and for the Cortex-M4. */
export async function soakCompiled(
  state: SoakState,
  { count, save }: { readonly count: number; readonly save: () => void },
): Promise<void> {
  const task = cliProgress()('compiled models', count);
  while (state.compiled.count < count) {
    const cases = await compiledCases(state.compiled.next, Math.min(perBatch, count - state.compiled.count));
    const expected = await int8Runtime.run(cases, context);
    for (const runtime of [hostRuntime, cortexM4Runtime])
      try {
        const found = await runtime.run(cases, context);
        for (const [i, { outputs }] of found.entries())
          if (!sameData(outputs, expected[i].outputs))
            state.failures.push(`${runtime.name}, seed ${cases[i].seed}, ${cases[i].activations}: differs`);
      } catch (error) {
        const seeds = `${cases[0].seed} to ${cases[cases.length - 1].seed}`;
        state.failures.push(`${runtime.name}, seeds ${seeds}: ${String(error)}`);
      }
    state.compiled.next = cases[cases.length - 1].seed + 1;
    state.compiled.count += cases.length;
    save();
    task.update(state.compiled.count, failed(state));
  }
  task.finish();
}

type Outputs = readonly (readonly { readonly data: ArrayLike<unknown> }[])[];

function sameData(a: Outputs, b: Outputs): boolean {
  const flat = (outputs: Outputs) => outputs.flat().map(({ data }) => Array.from(data).join());
  return flat(a).join(';') === flat(b).join(';');
}

export function failed({ failures }: SoakState): string {
  return failures.length > 0 ? `${failures.length} failed` : '';
}
