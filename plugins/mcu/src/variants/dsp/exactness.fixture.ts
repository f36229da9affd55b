import type { RunCase } from '@whittle/core';
import type { KernelContext } from '@whittle/kernel-api';
import { expect } from 'vitest';
import { cortexM4Runtime } from '../../runtimes.js';
import { expectExactOutputs, kernelsOf as kernelsFor, whyMissing } from '../exactness.fixture.js';

export const missing = await whyMissing(cortexM4Runtime);

/** Names of the kernels that a case becomes with the DSP extension. */
export function kernelsOf(run: RunCase, optimize?: KernelContext['optimize']): Promise<string[]> {
  return kernelsFor(run, ['dsp'], optimize);
}

/** Expects that each case uses the kernel, and that the emulated core gives what the integer evaluation gives. */
export async function expectExact(
  cases: readonly RunCase[],
  kernel: RegExp,
  optimize?: KernelContext['optimize'],
): Promise<void> {
  for (const each of cases)
    expect((await kernelsOf(each, optimize)).join(' '), each.model.name).toMatch(kernel);
  await expectExactOutputs(cortexM4Runtime, cases, optimize);
}
