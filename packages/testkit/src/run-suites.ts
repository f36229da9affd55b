import { isWhittleError } from '@whittle/core';
import type { Registry, RunCase, RunResult, Runtime, RuntimeContext } from '@whittle/core';
import { describeDifference, firstDifference } from './difference.js';
import { runtimeContext } from './runtime-context.js';
import type { KnownGap, Suite, SuiteCase, TestedRuntime, Tolerance } from './suite.js';

export interface CaseResult {
  readonly suite: string;
  readonly case: string;
  /** `gap` where it fails as a known gap says; `closed-gap` where a known gap passes, which is a failure. */
  readonly outcome: 'passed' | 'failed' | 'gap' | 'closed-gap';
  /** What went wrong, with the first differing element; or the reason of the gap. */
  readonly message?: string;
}

export interface RuntimeReport {
  readonly runtime: string;
  /** Why the runtime can't run here; it has no results then. */
  readonly unavailable?: string;
  readonly results: readonly CaseResult[];
}

export interface RunSuitesOptions {
  /** What the others are compared with: the integer evaluation. */
  readonly reference: Runtime;
  readonly registry: Registry;
  readonly signal?: AbortSignal;
}

interface Job {
  readonly suite: Suite;
  readonly suiteCase: SuiteCase;
  readonly expected: RunResult | Error;
}

/** Runs every case on every runtime, and compares the outputs with the reference's. */
export async function runSuites(
  suites: readonly Suite[],
  runtimes: readonly TestedRuntime[],
  options: RunSuitesOptions,
): Promise<RuntimeReport[]> {
  const run = await prepareSuites(suites, options);
  const reports: RuntimeReport[] = [];
  for (const tested of runtimes) reports.push(await run(tested));
  return reports;
}

/** Evaluates the reference once, and returns what judges one runtime by it. */
export async function prepareSuites(
  suites: readonly Suite[],
  options: RunSuitesOptions,
): Promise<(tested: TestedRuntime) => Promise<RuntimeReport>> {
  const context = runtimeContext(options.registry, options.signal);
  const pairs = suites.flatMap((suite) => suite.cases().map((suiteCase) => ({ suite, suiteCase })));
  const expected = await runAll(
    options.reference,
    pairs.map(({ suiteCase }) => suiteCase),
    context,
  );
  const jobs = pairs.map((pair, i): Job => ({ ...pair, expected: expected[i] }));
  return (tested) => judge(tested, jobs, context);
}

async function judge(
  tested: TestedRuntime,
  jobs: readonly Job[],
  context: RuntimeContext,
): Promise<RuntimeReport> {
  const runtime = tested.runtime.name;
  const unavailable = await tested.runtime.unavailable();
  if (unavailable !== undefined) return { runtime, unavailable, results: [] };
  const regular = jobs.filter((job) => !gapOf(tested, job));
  const found = await runAll(
    tested.runtime,
    regular.map((job) => job.suiteCase),
    context,
  );
  const faults = new Map(regular.map((job, i) => [job, faultOf(job, found[i], tested)]));
  // Each by itself: a runtime may die of one.
  for (const job of jobs)
    if (!faults.has(job))
      faults.set(job, faultOf(job, await runOne(tested.runtime, job.suiteCase, context), tested));
  return { runtime, results: jobs.map((job) => resultOf(job, faults.get(job), gapOf(tested, job))) };
}

function resultOf(job: Job, fault: string | undefined, gap: KnownGap | undefined): CaseResult {
  const names = { suite: job.suite.name, case: job.suiteCase.name };
  if (gap)
    return fault === undefined
      ? { ...names, outcome: 'closed-gap', message: `passes, but is a known gap: ${gap.reason}` }
      : { ...names, outcome: 'gap', message: gap.reason };
  return fault === undefined
    ? { ...names, outcome: 'passed' }
    : { ...names, outcome: 'failed', message: fault };
}

function faultOf(job: Job, found: RunResult | Error, tested: TestedRuntime): string | undefined {
  if (job.expected instanceof Error) return `the reference failed: ${describeError(job.expected)}`;
  if (found instanceof Error) return describeError(found);
  const tolerance = tested.tolerance?.(job.suite, job.suiteCase) ?? job.suiteCase.tolerance;
  return compareOutputs(job.expected, found, job.suiteCase, tolerance);
}

function compareOutputs(
  expected: RunResult,
  found: RunResult,
  { model }: SuiteCase,
  tolerance: Tolerance,
): string | undefined {
  for (const [inference, outputs] of expected.outputs.entries())
    for (const [i, output] of outputs.entries()) {
      const other = found.outputs[inference]?.[i];
      if (other?.dtype !== output.dtype || other.data.length !== output.data.length)
        return `input ${inference}: no output '${model.outputs[i].id}' of ${output.dtype}[${output.shape.join(', ')}]`;
      const difference = firstDifference(output, other, tolerance);
      if (difference)
        return `input ${inference}, output '${model.outputs[i].id}', ${describeDifference(difference)}`;
    }
  return undefined;
}

/** All at once, which is fast; where that fails, in halves, down to the cases that fail by themselves. */
async function runAll(
  runtime: Runtime,
  cases: readonly RunCase[],
  context: RuntimeContext,
): Promise<(RunResult | Error)[]> {
  if (cases.length === 0) return [];
  try {
    return await runtime.run(cases, context);
  } catch (error) {
    if (isWhittleError(error, 'ABORTED')) throw error;
    if (cases.length === 1) return [error as Error];
    const middle = cases.length >> 1;
    const halves = [cases.slice(0, middle), cases.slice(middle)];
    const results = [];
    for (const half of halves) results.push(...(await runAll(runtime, half, context)));
    return results;
  }
}

async function runOne(
  runtime: Runtime,
  suiteCase: RunCase,
  context: RuntimeContext,
): Promise<RunResult | Error> {
  return (await runAll(runtime, [suiteCase], context))[0];
}

function gapOf({ knownGaps = [] }: TestedRuntime, { suite, suiteCase }: Job): KnownGap | undefined {
  return knownGaps.find((gap) => gap.suite === suite.name && (gap.cases?.test(suiteCase.name) ?? true));
}

function describeError(error: Error): string {
  return isWhittleError(error) ? `${error.code}: ${error.message}` : String(error.stack ?? error);
}
