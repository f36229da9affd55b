import { WhittleError } from '@whittle/core';
import type { RunCase, RunCost } from '@whittle/core';
import type { BuiltHarness } from './build-harness.js';
import { checkAlignment } from './check-alignment.js';
import { inParallel } from './compile.js';
import { emulateCounting } from './emulate.js';
import type { HarnessCase } from './harness-sources.js';
import { findCounter, missingCounter } from './instruction-count.js';
import { measureSizes } from './measure-sizes.js';
import { profileCase } from './profile-case.js';
import type { Emulator, Target } from './targets/index.js';

interface CostOptions {
  /** Whether layers and functions are told apart, where there is one case. */
  readonly layers: boolean;
  /** For each case the stack that was used. */
  readonly stacks: readonly number[];
  /** Writes the inputs of each case's last inference to a folder. */
  readonly inputs: (folder: string) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Bytes below the stack pointer that the harness leaves unpainted, and counts as used. */
const STACK_MARGIN = 64;

/**
 * Costs of the last inference of each case. A case without inputs has executed no instructions.
 * @throws TARGET_UNAVAILABLE without the counter; TOOLCHAIN_FAILED, for accesses that fault on the target and for more
 * stack than the call graph allows too
 */
export async function measureCosts(
  batch: readonly (HarnessCase & { readonly run: RunCase })[],
  built: BuiltHarness,
  target: Target & { readonly emulator: Emulator },
  folder: string,
  { layers, stacks, inputs, signal }: CostOptions,
): Promise<RunCost[]> {
  const counter = findCounter();
  if (!counter) throw new WhittleError('TARGET_UNAVAILABLE', missingCounter);
  await inputs(folder);
  const alignment = target.alignment !== undefined;
  const counted = { alignment, ...(layers ? { layers: [] } : {}) };
  const counts = await emulateCounting(target, built.program, counter, counted, signal);
  await checkAlignment(target, built.program, counts);
  const { regions } = counts;
  let region = 0;
  const instructions = batch.map(({ run }) => (run.inputs.length > 0 ? regions[region++] : 0));
  if (region !== regions.length)
    throw new WhittleError('TOOLCHAIN_FAILED', `counted ${regions.length} inferences, expected ${region}`);
  const costs = new Array<RunCost>(batch.length);
  await inParallel([...batch.entries()], 2, async ([i, { program, sources, run }]) => {
    const { functions, ...sizes } = await measureSizes(program, sources, target, built.objects[i], folder);
    checkStack(run.model.name, stacks[i], sizes.worstStackBytes);
    costs[i] = {
      instructions: instructions[i],
      stackBytes: stacks[i],
      ...sizes,
      ...(layers ? { functions } : {}),
    };
  });
  if (layers && instructions.every((count) => count > 0)) {
    const profile = await profileCase(batch[0], target, built, counts.addresses, counter, inputs, signal);
    costs[0] = { ...costs[0], ...profile };
  }
  return costs;
}

function checkStack(model: string, used: number, worst: number | undefined): void {
  if (worst !== undefined && used > Math.max(worst, STACK_MARGIN))
    throw new WhittleError(
      'TOOLCHAIN_FAILED',
      `${model} used ${used} bytes of stack, the call graph allows ${worst}`,
    );
}
