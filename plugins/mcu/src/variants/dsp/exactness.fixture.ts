import { LoweringTable } from '@whittle/core';
import type { RunCase, RuntimeContext } from '@whittle/core';
import { int8Lowerings, int8Runtime } from '@whittle/int8';
import type { KernelContext } from '@whittle/kernel-api';
import { expect } from 'vitest';
import { buildProgram } from '../../build-program.js';
import { kernelLowerings } from '../../lowerings/index.js';
import { cortexM4Runtime } from '../../runtimes.js';

const lowerings = new LoweringTable([...kernelLowerings, ...int8Lowerings]);
const context: RuntimeContext = {
  lowerings,
  toTflite: () => Promise.reject(new Error('no .tflite is needed')),
};

/** Why nothing can be run here; always undefined in CI, where that fails. */
export const missing = process.env.CI ? undefined : await cortexM4Runtime.unavailable();

/** Names of the kernels that a case becomes with the DSP extension. */
export async function kernelsOf(
  { model }: RunCase,
  optimize: KernelContext['optimize'] = 'speed',
): Promise<string[]> {
  const { kernels } = await buildProgram(model, lowerings, { features: ['dsp'], optimize });
  return kernels.map(({ name }) => name);
}

/** Expects that each case uses the kernel, and that the emulated core gives what the integer evaluation gives. */
export async function expectExact(
  cases: readonly RunCase[],
  kernel: RegExp,
  optimize: KernelContext['optimize'] = 'speed',
): Promise<void> {
  for (const each of cases)
    expect((await kernelsOf(each, optimize)).join(' '), each.model.name).toMatch(kernel);
  const found = await cortexM4Runtime.run(cases, { ...context, options: { optimize } });
  const expected = await int8Runtime.run(cases, context);
  cases.forEach(({ model }, i) =>
    expect(found[i].outputs, `outputs of ${model.name}`).toEqual(expected[i].outputs),
  );
}

/** The case with weights as the format wants them, without -128. */
export function withoutLeast(run: RunCase): RunCase {
  const values = run.model.parameters.get('weight')!.tensor.data as Int8Array;
  values.forEach((value, i) => (values[i] = Math.max(value, -127)));
  return run;
}
