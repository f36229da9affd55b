import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ModelBuilder, softmax } from '@whittle/core';
import type { Model, Runtime } from '@whittle/core';
import {
  createLiteRtRuntime,
  int8Suites,
  litertRuntime,
  perTensor,
  runtimeContext,
  sequenceInputs,
  tflmRuntime,
} from '@whittle/testkit';
import { suiteOptions } from './tested-runtimes.js';

const required = process.env.CI === 'true';
const missing = required ? undefined : await tflmRuntime.unavailable();
const context = runtimeContext(suiteOptions.registry);

function softmaxModel(scale: number): Model {
  const builder = new ModelBuilder('softmax');
  const x = builder.input('x', [1, 8], { dtype: 'int8', quantization: perTensor(scale, 0) });
  const quantization = [perTensor(1 / 256, -128)];
  builder.output(builder.node('y', softmax, { beta: 1 }, [x], { quantization }));
  return builder.finish();
}

/** TensorFlow Lite Micro aborts the process where the scale is this small. */
const deadly = softmaxModel(2 ** -40);
const harmless = softmaxModel(0.1);

function runOne(runtime: Runtime, model: Model, signal?: AbortSignal) {
  const inputs = [1, 2].map((seed) => sequenceInputs(model, seed));
  return runtime.run([{ model, inputs }], { ...context, signal });
}

describe.skipIf(missing !== undefined)('the judges', () => {
  it('survive a crash of TensorFlow Lite Micro', async () => {
    await expect(runOne(tflmRuntime, deadly)).rejects.toMatchObject({
      code: 'RUNTIME_CRASHED',
      message: expect.stringContaining('SIGABRT') as string,
    });
    const [{ outputs }] = await runOne(tflmRuntime, harmless);
    expect(outputs.map(([output]) => output.shape)).toEqual([
      [1, 8],
      [1, 8],
    ]);
  });

  it.each([tflmRuntime, litertRuntime])('say what $name refuses', async (runtime) => {
    const garbage = { ...context, toTflite: () => Promise.resolve(new Uint8Array(1000)) };
    const run = runtime.run([{ model: harmless, inputs: [sequenceInputs(harmless, 1)] }], garbage);
    await expect(run).rejects.toMatchObject({ code: 'RUNTIME_FAILED' });
    expect(await runOne(runtime, harmless)).toHaveLength(1);
  });

  it('refuse inputs that do not fit, before anything runs', async () => {
    const run = tflmRuntime.run([{ model: harmless, inputs: [[]] }], context);
    await expect(run).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });

  it('stop when told, and serve the next request', async () => {
    const controller = new AbortController();
    const inputs = Array.from({ length: 20_000 }, (_, i) => sequenceInputs(harmless, i + 1));
    const long = { ...context, signal: controller.signal };
    const run = tflmRuntime.run([{ model: harmless, inputs }], long);
    setTimeout(() => controller.abort(), 20);
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await runOne(tflmRuntime, harmless)).toHaveLength(1);
  });

  it('hold all of 2,000 inputs', async () => {
    const inputs = Array.from({ length: 2000 }, (_, i) => sequenceInputs(harmless, i + 1));
    const [all] = await tflmRuntime.run([{ model: harmless, inputs }], context);
    const [last] = await tflmRuntime.run([{ model: harmless, inputs: inputs.slice(-1) }], context);
    expect(all.outputs).toHaveLength(2000);
    expect(all.outputs[1999][0].data).toEqual(last.outputs[0][0].data);
  });

  it.each([tflmRuntime, litertRuntime])('tell how far $name is', async (runtime) => {
    const reports: number[] = [];
    const inputs = Array.from({ length: 60_000 }, () => sequenceInputs(harmless, 1));
    const cases = [inputs, [], inputs.slice(0, 3)].map((each) => ({ model: harmless, inputs: each }));
    await runtime.run(cases, { ...context, onInference: (done) => reports.push(done) });
    expect(reports.slice(-2)).toEqual([60_000, 60_003]);
    expect(reports.length).toBeGreaterThan(2);
    expect(reports).toEqual([...new Set(reports)].sort((a, b) => a - b));
  });

  it('agree bit for bit where LiteRT runs its reference kernels', async () => {
    const reference = createLiteRtRuntime({ name: 'litert-reference', resolver: 'reference' });
    const cases = int8Suites([1, 2, 3, 4])
      .filter(({ name }) => ['conv2d', 'add', 'mul', 'mean', 'average_pool2d'].includes(name))
      .flatMap((suite) => suite.cases());
    const expected = await tflmRuntime.run(cases, context);
    const found = await reference.run(cases, context);
    expect(found.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
  });

  it('end with the process that started them, even if that is killed', async () => {
    const script = fileURLToPath(new URL('judge-owner.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', 'tsx', '--conditions=@whittle/source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(owner.stdout, 'data')) as [Buffer];
    const child = Number(chunk.toString());
    expect(isRunning(child)).toBe(true);
    owner.kill('SIGKILL');
    for (let waited = 0; isRunning(child) && waited < 10_000; waited += 50) await sleep(50);
    expect(isRunning(child)).toBe(false);
  });
});

/** Whether a process is there and is no zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
