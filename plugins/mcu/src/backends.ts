import { z } from 'zod';
import { isWhittleError, WhittleError } from '@whittle/core';
import type { Artifact, Backend, EmitContext, Model } from '@whittle/core';
import { buildProgram } from './build-program.js';
import { readme } from './emit/readme.js';
import { runIfPossible } from './measure-layers.js';
import { checkBudget, fitsBudget } from './memory-budget.js';
import type { ModelSizes } from './measure-sizes.js';
import { optimization } from './runtime-options.js';
import { makeProject, measureProject } from './project.js';
import type { Project } from './project.js';
import { targets } from './targets/index.js';
import type { Target } from './targets/index.js';

const bytes = z.number().int().positive();

/** Options of a target: what a program may take, in bytes, and what it is made small for. */
export const projectOptions = z.object({
  ram: bytes.optional(),
  flash: bytes.optional(),
  optimize: optimization,
});
export type ProjectOptions = z.infer<typeof projectOptions>;

/** Writes C projects for a target. */
export function projectBackend(target: Target): Backend {
  return {
    target: target.name,
    description: target.description,
    emit: (model, context) => emitProject(model, target, context),
  };
}

export const projectBackends: readonly Backend[] = targets.map(projectBackend);

/**
 * A model as a C project. Sizes are measured, and the budget checked in full, where the target's compiler is there;
 * the instructions of each layer are counted where its emulator is.
 * @throws OPTION_INVALID, OP_UNSUPPORTED, TARGET_TOO_SMALL, TOOLCHAIN_FAILED, ABORTED
 */
export async function emitProject(
  model: Model,
  target: Target,
  { lowerings, options: given, signal }: EmitContext,
): Promise<Artifact> {
  const options = parseOptions(target, given);
  const program = await buildProgram(model, lowerings, {
    features: target.features,
    optimize: options.optimize,
  });
  const project = await makeProject(program, target);
  const budget = {
    ramBytes: options.ram ?? target.memory?.ramBytes ?? Infinity,
    flashBytes: options.flash ?? target.memory?.flashBytes ?? Infinity,
  };
  const { memory } = target;
  const run = memory && fitsBudget(program, budget) ? await runIfPossible(model, project, signal) : undefined;
  const sizes = run?.sizes ?? (memory && (await sizesIfPossible(project, signal)));
  checkBudget(program, target, budget, sizes);
  const text = new TextEncoder();
  const files = new Map([...project.files, ['README.md', readme(project, sizes, run?.counted)] as const]);
  return {
    files: new Map([...files].map(([path, content]) => [path, text.encode(content)])),
    main: 'CMakeLists.txt',
    report: { target: target.name, ...(sizes ?? {}), ...(run?.counted ?? {}) },
  };
}

function parseOptions(target: Target, given: EmitContext['options']): ProjectOptions {
  const parsed = projectOptions.safeParse(given);
  if (!parsed.success)
    throw new WhittleError('OPTION_INVALID', `${target.name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function sizesIfPossible(
  project: Project,
  signal: AbortSignal | undefined,
): Promise<ModelSizes | undefined> {
  try {
    return await measureProject(project, signal);
  } catch (error) {
    if (isWhittleError(error, 'TARGET_UNAVAILABLE')) return undefined;
    throw error;
  }
}
