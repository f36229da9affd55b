import { z } from 'zod';
import { isWhittleError, WhittleError } from '@whittle/core';
import type { Artifact, Backend, EmitContext, Model } from '@whittle/core';
import { buildProgram } from './build-program.js';
import { readme } from './emit/readme.js';
import { runIfPossible } from './measure-layers.js';
import type { CountedCost } from './measure-layers.js';
import { describeExcess, fitsBudget, needsOf, tooSmall } from './memory-budget.js';
import type { MemoryBudget, PlannedProgram } from './memory-budget.js';
import type { ModelSizes } from './measure-sizes.js';
import { packageFile } from './package-file.js';
import { arenaBytesOf, weightBytesOf } from './program.js';
import { optimization } from './runtime-options.js';
import { makeProject, measureProject } from './project.js';
import type { Project } from './project.js';
import { targets } from './targets/index.js';
import type { Target } from './targets/index.js';
import { toolVersion } from './tool-version.js';

const bytes = z.number().int().positive();

/**
 * Options of a target: what a program may take, in bytes; what it is made small for; and what it is called, instead of by
 * the model's own name. Without `optimize` it is the fastest that fits.
 */
export const projectOptions = z.strictObject({
  ram: bytes.optional(),
  flash: bytes.optional(),
  optimize: optimization.unwrap().optional(),
  name: z.string().min(1).optional(),
});
export type ProjectOptions = z.infer<typeof projectOptions>;
type Optimization = NonNullable<ProjectOptions['optimize']>;

/** What a project may be made small for, the fastest first. */
export const optimizations: readonly Optimization[] = ['speed', 'flash', 'ram'];

/** Writes C projects for a target. */
export function projectBackend(target: Target): Backend {
  return {
    target: target.name,
    description: target.description,
    options: Object.keys(projectOptions.shape),
    ownFolder: true,
    ...(target.memory ? { memory: target.memory } : {}),
    emit: (model, context) => emitProject(model, target, context),
  };
}

export const projectBackends: readonly Backend[] = targets.map(projectBackend);

/** A project with what it takes, as far as compiler and emulator are there to tell. */
interface MeasuredProject extends PlannedProgram {
  readonly optimize: Optimization;
  readonly project: Project;
  readonly counted?: CountedCost;
}

/**
 * A model as a C project. Sizes are measured, and the budget checked in full, where the target's compiler is there;
 * the instructions of each layer are counted where its emulator is. Where it isn't said what to optimize for, it is the first
 * of speed, flash and RAM with which the model fits, and the report's `notes` tell why it isn't speed.
 * @throws OPTION_INVALID, OP_UNSUPPORTED, TARGET_TOO_SMALL, TOOLCHAIN_FAILED, ABORTED
 */
export async function emitProject(
  source: Model,
  target: Target,
  { lowerings, options: given, signal }: EmitContext,
): Promise<Artifact> {
  const options = parseOptions(target, given);
  const model = options.name === undefined ? source : { ...source, name: options.name };
  const budget = {
    ramBytes: options.ram ?? target.memory?.ramBytes ?? Infinity,
    flashBytes: options.flash ?? target.memory?.flashBytes ?? Infinity,
  };
  const make = async (optimize: Optimization, count = true): Promise<MeasuredProject> => {
    const program = await buildProgram(model, lowerings, { features: target.features, optimize });
    const project = await makeProject(program, target);
    const worthwhile = count && fitsBudget(needsOf(program), budget);
    const run = worthwhile ? await runIfPossible(model, project, signal) : undefined;
    const sizes = run?.sizes ?? (target.memory && (await sizesIfPossible(project, signal)));
    return { optimize, program, project, sizes, counted: run?.counted };
  };
  const sameAsSpeed = async ({ optimize, project }: MeasuredProject): Promise<string[]> => {
    if (optimize === 'speed') return [];
    const program = await buildProgram(model, lowerings, { features: target.features, optimize: 'speed' });
    const fastest = await makeProject(program, target);
    return sameFiles(project.files, fastest.files)
      ? [`optimized for ${optimize}, this model gives the same program as optimized for speed`]
      : [];
  };
  const fits = ({ program, sizes }: PlannedProgram) => fitsBudget(needsOf(program, sizes), budget);
  const tried: MeasuredProject[] = [];
  for (const optimize of options.optimize ? [options.optimize] : optimizations) {
    const made = await make(optimize);
    if (fits(made))
      return artifactOf(made, budget, [...skipped(tried, optimize, budget), ...(await sameAsSpeed(made))]);
    tried.push(made);
  }
  const [first, ...others] = tried;
  const untried = optimizations.filter((each) => tried.every(({ optimize }) => optimize !== each));
  for (const optimize of untried) others.push(await make(optimize, false));
  const defaults = (['ram', 'flash'] as const).filter((name) => options[name] === undefined);
  throw tooSmall(first, others, target, budget, defaults);
}

/** Why others weren't taken. */
function skipped(tooLarge: readonly MeasuredProject[], taken: Optimization, budget: MemoryBudget): string[] {
  return tooLarge.map(({ optimize, program, sizes }) => {
    const reason = describeExcess(needsOf(program, sizes), budget);
    return `optimized for ${taken}, as ${optimize} doesn't fit: ${reason}`;
  });
}

function sameFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

async function artifactOf(
  { optimize, program, project, sizes, counted }: MeasuredProject,
  { ramBytes, flashBytes }: MemoryBudget,
  notes: readonly string[],
): Promise<Artifact> {
  const text = new TextEncoder();
  const { version } = JSON.parse(await packageFile('package.json')) as { version: string };
  const compiler = sizes && (await toolVersion(project.target.compiler));
  const origin = { optimize, ramBytes, flashBytes, version, compiler, notes };
  const files = new Map([...project.files, ['README.md', readme(project, origin, sizes, counted)] as const]);
  const known = { arenaBytes: arenaBytesOf(program), weightBytes: weightBytesOf(program) };
  return {
    files: new Map([...files].map(([path, content]) => [path, text.encode(content)])),
    main: 'CMakeLists.txt',
    ...(project.files.has('main.c') ? { startingPoints: ['main.c'] } : {}),
    report: {
      target: project.target.name,
      optimize,
      ...known,
      ...(sizes ?? {}),
      ...(counted ?? {}),
      ...(notes.length > 0 ? { notes } : {}),
    },
  };
}

function parseOptions(target: Target, given: EmitContext['options']): ProjectOptions {
  const parsed = projectOptions.safeParse(given);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new WhittleError('OPTION_INVALID', `${target.name}: ${reasons.join('; ')}`);
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
