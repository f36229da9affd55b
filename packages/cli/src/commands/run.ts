import { bind, isWhittleError, throwProblems, WhittleError } from '@whittle/core';
import type { RunResult, Runtime } from '@whittle/core';
import { runtimeContext } from '@whittle/testkit';
import { totalsOf } from '../cost-rows.js';
import { crc32 } from '../crc32.js';
import { readInputs } from '../inputs.js';
import { expectOptimization } from '../optimization.js';
import { outputsApart } from '../outputs-apart.js';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { describeDifference, describeRuns, overLimit } from './describe-run.js';
import type { RunAnswer, RunEntry } from './describe-run.js';

export interface RunOptions {
  readonly on: readonly string[];
  readonly input: readonly string[];
  readonly optimize?: string;
  /** Shapes of inputs, as given. */
  readonly shape?: readonly string[];
}

/**
 * `run MODEL --on RUNTIME[,RUNTIME]`: what runtimes answer, as a CRC-32 of all outputs, and what it cost. Where one
 * fails, the others are run all the same.
 * @throws what runtimes threw, after the answers of the others are printed
 */
export async function run(path: string, options: RunOptions, session: Session): Promise<void> {
  const runtimes = options.on.map((name) => lookUp('runtime', session.registry.runtimes, name));
  const optimize = expectOptimization(options.optimize);
  const { model: read } = await readModelFile(path, session.registry, parseShapes(options.shape));
  const model = bind(read, { batch: 1 });
  const inputs = await readInputs(options.input, model);
  const context = {
    ...runtimeContext(session.registry, session.signal),
    options: { layers: true, ...(optimize === undefined ? {} : { optimize }) },
  };
  for (const runtime of runtimes) await expectAvailable(runtime);
  const runs: RunEntry[] = [];
  const errors: WhittleError[] = [];
  let first: { readonly runtime: string; readonly outputs: RunResult['outputs'] } | undefined;
  for (const runtime of runtimes) {
    const title = `${runtime.name}, ${inputs.length} input(s)`;
    try {
      const [result] = await showProgress(session, title, inputs.length, (onInference) =>
        runtime.run([{ model, inputs }], { ...context, onInference }),
      );
      const apart = first && outputsApart(first.runtime, first.outputs, result.outputs);
      runs.push({ ...entryOf(runtime, result), ...(apart ? { differs: apart } : {}) });
      first ??= { runtime: runtime.name, outputs: result.outputs };
    } catch (error) {
      if (!isWhittleError(error) || session.signal.aborted) throw error;
      const { code, message } = error;
      runs.push({ runtime: runtime.name, error: { code, message } });
      errors.push(
        runtimes.length > 1 ? new WhittleError(code, `${runtime.name}: ${message}`, { cause: error }) : error,
      );
    }
  }
  const remarks = runtimes.flatMap(({ name, description }, i) => [
    ...describeDifference(description, runs[i]),
    ...overLimit(session.registry.backends.get(name), runs[i]),
  ]);
  if (first) printResult(session, { model: path, runs }, (result) => describeRuns(result, remarks));
  throwProblems(errors, (count) => `${count} of ${runtimes.length} runtimes can't run ${path}`);
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

function entryOf(runtime: Runtime, { outputs, cost }: RunResult): RunAnswer {
  const entry = { runtime: runtime.name, outputCrc32: crc32(outputs.flat()) };
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
