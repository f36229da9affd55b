import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted, typeOf, WhittleError } from '@whittle/core';
import type { RunCase, RunResult, RuntimeContext } from '@whittle/core';
import { buildHarness } from './build-harness.js';
import { buildProgram } from './build-program.js';
import { arenaBytesOf } from './program.js';
import { emulate } from './emulate.js';
import type { HarnessCase } from './harness-sources.js';
import { measureCosts } from './measure-costs.js';
import { decodeOutputs, encodeInputs } from './port-data.js';
import { projectSources } from './project-sources.js';
import { parseRuntimeOptions } from './runtime-options.js';
import { bytesOf } from './storage.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { stackWordBytes, watchInferences } from './watch-inferences.js';
import type { ExpectedOutputs } from './watch-inferences.js';
import { withWorkFolder } from './work-folder.js';

/** Constants that go into one program at most; a single model may have more. */
const BATCH_BYTES = 2 ** 21;

interface PreparedCase extends HarnessCase {
  readonly run: RunCase;
  readonly inputs: readonly Uint8Array[];
}

/** Builds cases for a target, several in one program, runs them, and measures what they cost where it is emulated. */
export async function runCases(
  cases: readonly RunCase[],
  target: Target,
  context: RuntimeContext,
): Promise<RunResult[]> {
  const { optimize, layers } = parseRuntimeOptions(target, context.options);
  const kernelContext = { features: target.features, optimize };
  const prepared: PreparedCase[] = [];
  for (const [i, run] of cases.entries()) {
    throwIfAborted(context.signal);
    const make = async () => {
      const program = await buildProgram(run.model, context.lowerings, kernelContext);
      return { program, sources: projectSources(program, `case${i}`) };
    };
    prepared.push(await prepare(run, `case${i}`, make));
  }
  const results: RunResult[] = [];
  let before = 0;
  for (const batch of layers ? prepared.map((each) => [each]) : batches(prepared)) {
    const onInference = (done: number) => context.onInference?.(before + done);
    results.push(...(await runBatch(batch, target, layers, onInference, context.signal)));
    before += batch.reduce((sum, { run }) => sum + run.inputs.length, 0);
  }
  return results;
}

/** A program and its C files. */
type WrittenProgram = Pick<HarnessCase, 'program' | 'sources'>;

/** What `runCases` gives for one case, layers included, whose C files are there. */
export async function runProgram(
  run: RunCase,
  written: WrittenProgram,
  target: Target,
  signal?: AbortSignal,
): Promise<RunResult> {
  const prepared = await prepare(run, 'case0', () => Promise.resolve(written));
  const [result] = await runBatch([prepared], target, true, () => {}, signal);
  return result;
}

/** Inputs are checked before the program is made. */
async function prepare(
  run: RunCase,
  folder: string,
  make: () => Promise<WrittenProgram>,
): Promise<PreparedCase> {
  const inputs = encodeInputs(run);
  const { program, sources } = await make();
  return { run, inputs, program, sources, folder };
}

function* batches(cases: readonly PreparedCase[]): Generator<PreparedCase[]> {
  let batch: PreparedCase[] = [];
  let bytes = 0;
  for (const each of cases) {
    const size = each.program.constants.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (batch.length > 0 && bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(each);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function runBatch(
  batch: readonly PreparedCase[],
  target: Target,
  layers: boolean,
  onInference: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<RunResult[]> {
  return withWorkFolder(async (folder) => {
    checkBoard(batch, target);
    const built = await buildHarness(batch, target, folder, signal);
    await writeInputs(batch, folder);
    await watchInferences(join(folder, 'outputs.bin'), batch.map(expectedOutputs), onInference, async () => {
      if (target.emulator) await emulate(target.emulator, built.program, signal);
      else await runTool(built.program, [], { cwd: folder, signal });
    });
    const runs = await readOutputs(batch, folder);
    if (!target.emulator) return runs.map(({ outputs }) => ({ outputs }));
    const inputs = (to: string) => writeInputs(batch, to, 1);
    const emulated = { ...target, emulator: target.emulator };
    const stacks = runs.map(({ stackBytes }) => stackBytes);
    const costs = await measureCosts(batch, built, emulated, folder, { layers, stacks, inputs, signal });
    return runs.map(({ outputs }, i) => ({ outputs, cost: costs[i] }));
  });
}

function expectedOutputs({ run: { model, inputs } }: PreparedCase): ExpectedOutputs {
  const bytes = model.outputs.reduce((sum, { id }) => sum + bytesOf(typeOf(model, id)), 0);
  return { inferences: inputs.length, bytes };
}

function checkBoard(batch: readonly PreparedCase[], { emulator, name }: Target): void {
  for (const { program, run } of batch)
    if (emulator?.board && arenaBytesOf(program) > emulator.board.ramBytes * 0.9)
      throw new WhittleError(
        'TARGET_TOO_SMALL',
        `${run.model.name} needs an arena of ${arenaBytesOf(program)} bytes, the emulated ${name} has ${emulator.board.ramBytes} bytes of RAM`,
      );
}

/**
 * Writes inputs.bin so that all inferences are counted, or only the last few of each case: what those before them leave in
 * states is then computed uncounted.
 */
async function writeInputs(batch: readonly PreparedCase[], folder: string, last = Infinity): Promise<void> {
  const parts = batch.flatMap(({ run, inputs, program }) => {
    const total = run.inputs.length;
    const counted = Math.min(total, last);
    const count = program.states.length > 0 ? total : counted;
    const header = [...littleEndian(count), ...littleEndian(count - counted)];
    return [Uint8Array.from(header), ...inputs.slice((total - count) * run.model.inputs.length)];
  });
  await writeFile(join(folder, 'inputs.bin'), Buffer.concat(parts));
}

function littleEndian(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

async function readOutputs(batch: readonly PreparedCase[], folder: string) {
  const bytes = new Uint8Array(await readFile(join(folder, 'outputs.bin')));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return batch.map(({ run }) => {
    const outputs = run.inputs.map(() => {
      const decoded = decodeOutputs(run.model, bytes.subarray(at));
      at += decoded.length;
      return decoded.outputs;
    });
    const stackBytes = view.getUint32(at, true);
    at += stackWordBytes;
    return { outputs, stackBytes };
  });
}
