import { bind, concrete, isWhittleError, tensor, typeOf } from '@whittle/core';
import type { Model, RunCost } from '@whittle/core';
import { findCounter } from './instruction-count.js';
import type { ModelSizes } from './measure-sizes.js';
import type { Project } from './project.js';
import { runProgram } from './run-cases.js';

/** What an inference costs by count. */
export type CountedCost = Pick<RunCost, 'instructions' | 'estimatedCycles' | 'layers'>;

/** What a project takes when it is built and run. */
export interface ProjectCost {
  readonly sizes: ModelSizes;
  readonly counted: CountedCost;
}

/**
 * Sizes of a project of `source`, and the instructions of an inference on zeros, layer by layer, in emulation; nothing
 * where the target has no emulator, or it, the compiler or the counter is not here. @throws TOOLCHAIN_FAILED, ABORTED
 */
export async function runIfPossible(
  source: Model,
  project: Project,
  signal?: AbortSignal,
): Promise<ProjectCost | undefined> {
  const { target } = project;
  if (!target.emulator || !findCounter()) return undefined;
  const model = bind(source, { batch: 1 });
  const inputs = model.inputs.map(({ id }) => {
    const { dtype, shape, quantization } = typeOf(model, id);
    return tensor(dtype, concrete(shape), undefined, quantization);
  });
  try {
    const { cost } = await runProgram({ model, inputs: [inputs] }, project, target, signal);
    return cost && split(cost);
  } catch (error) {
    if (isWhittleError(error, 'TARGET_UNAVAILABLE')) return undefined;
    throw error;
  }
}

function split({ instructions, estimatedCycles, layers, ...cost }: RunCost): ProjectCost {
  const {
    arenaBytes,
    scratchBytes,
    flashBytes,
    codeBytes,
    functions = [],
    weightBytes,
    worstStackBytes,
  } = cost;
  const stack = worstStackBytes === undefined ? {} : { worstStackBytes };
  return {
    sizes: { arenaBytes, scratchBytes, flashBytes, codeBytes, functions, weightBytes, ...stack },
    counted: { instructions, ...(estimatedCycles === undefined ? {} : { estimatedCycles }), layers },
  };
}
