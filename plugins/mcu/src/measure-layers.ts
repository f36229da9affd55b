import { bind, concrete, isWhittleError, tensor, typeOf } from '@whittle/core';
import type { Model, RunCost } from '@whittle/core';
import { findCounter } from './instruction-count.js';
import type { Program } from './program.js';
import { runProgram } from './run-cases.js';
import type { Target } from './targets/index.js';

/** What an inference costs by count. */
export type CountedCost = Pick<RunCost, 'instructions' | 'estimatedCycles' | 'layers'>;

/**
 * Instructions of an inference on zeros, layer by layer, in emulation; nothing where the target has no emulator, or it or
 * the counter is not here. @throws TOOLCHAIN_FAILED, ABORTED
 */
export async function countIfPossible(
  source: Model,
  program: Program,
  target: Target,
  signal?: AbortSignal,
): Promise<CountedCost | undefined> {
  if (!target.emulator || !findCounter()) return undefined;
  const model = bind(source, { batch: 1 });
  const inputs = model.inputs.map(({ id }) => {
    const { dtype, shape, quantization } = typeOf(model, id);
    return tensor(dtype, concrete(shape), undefined, quantization);
  });
  try {
    const { cost } = await runProgram({ model, inputs: [inputs] }, program, target, signal);
    if (!cost) return undefined;
    const { instructions, estimatedCycles, layers } = cost;
    return { instructions, ...(estimatedCycles === undefined ? {} : { estimatedCycles }), layers };
  } catch (error) {
    if (isWhittleError(error, 'TARGET_UNAVAILABLE')) return undefined;
    throw error;
  }
}
