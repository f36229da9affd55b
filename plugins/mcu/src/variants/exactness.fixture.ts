import { LoweringTable } from '@whittle/core';
import type { RunCase, Runtime, RuntimeContext } from '@whittle/core';
import { int8Lowerings, int8Runtime } from '@whittle/int8';
import type { KernelContext } from '@whittle/kernel-api';
import { expect } from 'vitest';
import { buildProgram } from '../build-program.js';
import { kernelLowerings } from '../lowerings/index.js';

const lowerings = new LoweringTable([...kernelLowerings, ...int8Lowerings]);
const context: RuntimeContext = {
  lowerings,
  toTflite: () => Promise.reject(new Error('no .tflite is needed')),
};

/** Why nothing can be run here; always undefined in CI, where that fails. */
export async function whyMissing(runtime: Runtime): Promise<string | undefined> {
  return process.env.CI ? undefined : runtime.unavailable();
}

/** Names of the kernels that a case becomes on a target with these features. */
export async function kernelsOf(
  { model }: RunCase,
  features: KernelContext['features'],
  optimize: KernelContext['optimize'] = 'speed',
): Promise<string[]> {
  const { kernels } = await buildProgram(model, lowerings, { features, optimize });
  return kernels.map(({ name }) => name);
}

/** Expects that a runtime gives what the integer evaluation gives. */
export async function expectExactOutputs(
  runtime: Runtime,
  cases: readonly RunCase[],
  optimize: KernelContext['optimize'] = 'speed',
): Promise<void> {
  const found = await runtime.run(cases, { ...context, options: { optimize } });
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
