import { join } from 'node:path';
import { bind, isWhittleError, throwProblems, WhittleError } from '@whittle/core';
import type { Model, RunResult, Runtime } from '@whittle/core';
import { runtimeContext } from '@whittle/testkit';
import { totalsOf } from '../cost-rows.js';
import { crc32 } from '../crc32.js';
import { parseInputs, readInputs } from '../inputs.js';
import { expectOptimization } from '../optimization.js';
import { outputsApart } from '../outputs-apart.js';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import { contextOfFile } from '../run-of-file.js';
import type { Ran } from '../run-of-file.js';
import { describeOutputs, writeOutputs } from '../run-outputs.js';
import type { RunOutput } from '../run-outputs.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { usageInvalid } from '../usage.js';
import { expectWritableFolder } from '../write-place.js';
import { describeDifference, describeRuns, overLimit } from './describe-run.js';
import type { RunAnswer, RunEntry } from './describe-run.js';

export interface RunOptions {
  readonly on: readonly string[];
  readonly input: readonly string[];
  readonly optimize?: string;
  /** Shapes of inputs, as given. */
  readonly shape?: readonly string[];
  /** A folder for the outputs. */
  readonly out?: string;
}

/**
 * `run MODEL --on RUNTIME[,RUNTIME]`: what runtimes answer, with a CRC-32 of all outputs, and what it cost. Runtimes that read
 * .tflite run the file's own bytes where it is one. Where one fails, the others are run all the same.
 * @throws what runtimes threw, after the answers of the others are printed
 */
export async function run(path: string, options: RunOptions, session: Session): Promise<void> {
  const runtimes = runtimesOf(options.on, session);
  const optimize = expectOptimization(options.optimize);
  const shapes = parseShapes(options.shape);
  parseInputs(options.input);
  if (options.out !== undefined)
    for (const { name } of runtimes) await expectWritableFolder(join(options.out, name));
  const file = await readModelFile(path, session.registry, shapes);
  const model = bind(file.model, { batch: 1 });
  const inputs = await readInputs(options.input, model);
  const base = {
    ...runtimeContext(session.registry, session.signal),
    options: { layers: true, ...(optimize === undefined ? {} : { optimize }) },
  };
  for (const runtime of runtimes) await expectAvailable(runtime);
  const runs: RunEntry[] = [];
  const errors: WhittleError[] = [];
  let first: { readonly runtime: string; readonly outputs: RunResult['outputs'] } | undefined;
  for (const runtime of runtimes) {
    const title = `${runtime.name}, ${inputs.length} input(s)`;
    const { context, ran } = contextOfFile(base, file, model);
    let result: RunResult;
    try {
      [result] = await showProgress(session, title, inputs.length, (onInference) =>
        runtime.run([{ model, inputs }], { ...context, onInference }),
      );
    } catch (error) {
      if (!isWhittleError(error) || session.signal.aborted) throw error;
      const { code } = error;
      const message = ran() === 'file' ? `${error.message}; ${ranFile}` : error.message;
      runs.push({ runtime: runtime.name, error: { code, message } });
      errors.push(
        new WhittleError(code, runtimes.length > 1 ? `${runtime.name}: ${message}` : message, {
          cause: error,
        }),
      );
      continue;
    }
    const differs = first && outputsApart(first.runtime, first.outputs, result.outputs);
    const outputs = await outputsOf(runtime, model, result, options.out, session);
    runs.push({ ...entryOf(runtime, result, ran()), ...(differs && { differs }), outputs });
    first ??= { runtime: runtime.name, outputs: result.outputs };
  }
  const remarks = runtimes.flatMap(({ name, description }, i) => [
    ...describeDifference(description, runs[i]),
    ...overLimit(session.registry.backends.get(name), runs[i]),
  ]);
  if (first) printResult(session, { model: path, runs }, (result) => describeRuns(result, remarks));
  throwProblems(errors, (count) => `${count} of ${runtimes.length} runtimes can't run ${path}`);
}

/** What may be done where a runtime refuses the file itself. */
const ranFile =
  "it was given the file as it is; 'whittle convert' writes it anew, with float weights as float32 and inputs of --shape";

/** @throws USAGE_INVALID for one that there isn't, or that is named twice */
function runtimesOf(names: readonly string[], { registry }: Session): Runtime[] {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw usageInvalid(`--on names ${twice} twice, expected each runtime once`);
  return names.map((name) => lookUp('--on', 'runtime', registry.runtimes, name));
}

/** The outputs as part of the result; written to a folder where one is named. */
async function outputsOf(
  { name }: Runtime,
  model: Model,
  result: RunResult,
  folder: string | undefined,
  { signal }: Session,
): Promise<RunOutput[]> {
  const outputs = describeOutputs(model, result);
  if (folder === undefined) return outputs;
  const files = await writeOutputs(folder, name, model, result, signal);
  return outputs.map((output, i) => ({ ...output, file: files[i] }));
}

/** @throws TARGET_UNAVAILABLE with the reason */
export async function expectAvailable(runtime: Runtime): Promise<void> {
  const reason = await runtime.unavailable();
  if (reason !== undefined)
    throw new WhittleError('TARGET_UNAVAILABLE', `runtime ${runtime.name} can't run here: ${reason}`);
}

/** In the order in which they are told. */
const costKeys = [
  'instructions',
  'estimatedCycles',
  'arenaBytes',
  'scratchBytes',
  'stackBytes',
  'worstStackBytes',
  'flashBytes',
  'codeBytes',
  'weightBytes',
] as const;

function entryOf(runtime: Runtime, { outputs, cost }: RunResult, ran: Ran): Omit<RunAnswer, 'outputs'> {
  const entry = { runtime: runtime.name, ran, outputCrc32: crc32(outputs.flat()) };
  if (!cost) return entry;
  const { layers, functions, ...sums } = cost;
  const known = costKeys.flatMap((key) => (sums[key] === undefined ? [] : [[key, sums[key]] as const]));
  return {
    ...entry,
    ...Object.fromEntries(known),
    ...totalsOf(cost),
    ...(layers ? { layers } : {}),
    ...(functions ? { functions } : {}),
  };
}
