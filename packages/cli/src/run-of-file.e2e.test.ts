import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveModel } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { fileRuntimesUnavailable, runFile, sequenceInputs } from '@whittle/testkit';
import { emitTflite } from '@whittle/tflite';
import { readTflite, writeTflite as writeFile } from '@whittle/tflite-schema';
import { floatNetwork } from './float-network.fixture.js';
import { jsonOf, runMain, temporaryFolder, writeTflite } from './whittle.fixture.js';

const judged = fileRuntimesUnavailable() === undefined || process.env.CI === 'true';
const model = floatNetwork();
const inputs = sequenceInputs(model, 1);

interface Entry {
  readonly runtime: string;
  readonly ran?: string;
  readonly outputs?: readonly { readonly name: string; readonly values: readonly number[][] }[];
  readonly differs?: { readonly largest: number; readonly relative?: number };
  readonly error?: { readonly code: string; readonly message: string };
}

async function entries(path: string, on: string, ...args: string[]): Promise<Entry[]> {
  return jsonOf(await runMain('run', path, '--on', on, '--json', ...args)).runs as Entry[];
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

const valuesOf = ({ outputs }: Entry) => outputs?.map(({ values }) => values);
const listsOf = (tensors: readonly Tensor[]) => tensors.map(({ data }) => [Array.from(data, Number)]);

describe.skipIf(!judged)('whittle run FILE.tflite', () => {
  it.each(['float16', 'dynamic-range'] as const)('runs a file with %s weights as it is', async (weights) => {
    const bytes = await emitTflite(model, { weights });
    const path = write('small.tflite', bytes);
    const [float, litert, wasm, tflm] = await entries(path, 'float,litert,litert-wasm,tflm');
    const expected = await runFile('litert', bytes, inputs);
    const whole = await runFile('litert', await emitTflite(model), inputs);
    expect(float.ran).toBe('model');
    expect(litert.ran).toBe('file');
    expect(valuesOf(litert)).toEqual(listsOf(expected));
    expect(valuesOf(litert)).not.toEqual(listsOf(whole));
    expect(wasm).toMatchObject({ ran: 'file' });
    // Weights of float16 are read as what they are; beside those of int8 activations are quantized too.
    const relative = litert.differs?.relative ?? 0;
    if (weights === 'float16') expect(relative).toBeLessThan(1e-5);
    else expect(relative).toBeGreaterThan(1e-3);
    expect(Math.abs((wasm.differs?.relative ?? 0) - relative)).toBeLessThan(1e-3);
    expect(tflm.error).toMatchObject({
      code: 'RUNTIME_FAILED',
      message: expect.stringMatching(
        weights === 'float16'
          ? /DEQUANTIZE.*; it was given the file as it is; 'whittle convert'/s
          : /Hybrid models are not supported.*; it was given the file as it is; 'whittle convert'/s,
      ),
    });
  });

  it('tells how floats differ, and why', async () => {
    const path = write('float32.tflite', await emitTflite(model));
    const { out } = await runMain('run', path, '--on', 'float,litert');
    expect(out).toMatch(/by at most [\d.e-]+, [\d.]+e-\d+ of the largest value/);
    expect(out).toContain('the last bits of float32 sums depend on their order');
    expect(out).toMatch(/litert +│ the file/);
    const hybrid = write('hybrid.tflite', await emitTflite(model, { weights: 'dynamic-range' }));
    expect((await runMain('run', hybrid, '--on', 'float,litert')).out).toContain(
      'more than the rounding of float32 sums; beside weights that a file stores as int8, activations are quantized',
    );
  });

  it('goes by the names of the signature, in the order of the graph', async () => {
    const file = readTflite(await emitTflite(model));
    const [signature] = file.signatureDefs;
    signature.inputs[0].name = 'pixels';
    signature.outputs[0].name = 'classes';
    signature.outputs[1].name = 'image';
    signature.outputs.reverse();
    const bytes = writeFile(file);
    const runs = await entries(write('named.tflite', bytes), 'litert,litert-wasm');
    const expected = await runFile('litert', bytes, inputs);
    for (const run of runs) {
      expect(run.ran).toBe('file');
      expect(run.outputs?.map(({ name }) => name)).toEqual(['classes', 'image']);
      run.outputs?.forEach(({ values }, i) =>
        values[0].forEach((value, j) => expect(value).toBeCloseTo(Number(expected[i].data[j]), 4)),
      );
    }
  });

  it('resizes inputs to --shape, where the runtime can', async () => {
    const file = readTflite(await emitTflite(model));
    file.subgraphs[0].tensors[file.subgraphs[0].inputs[0]].shapeSignature = [-1, 5, -1, 4];
    const path = write('open.tflite', writeFile(file));
    const [litert, tflm] = await entries(path, 'litert,tflm', '--shape', 'x=1,5,5,4');
    expect([litert.ran, tflm.ran]).toEqual(['file', 'file']);
    const convolution = readTflite(await emitTflite(model));
    const [subgraph] = convolution.subgraphs;
    // The convolution alone: a dense layer has one size.
    subgraph.operators.length = 1;
    subgraph.outputs = [subgraph.operators[0].outputs[0]];
    convolution.signatureDefs = [];
    subgraph.tensors[subgraph.inputs[0]].shapeSignature = [-1, 5, -1, 4];
    const wide = write('wide.tflite', writeFile(convolution));
    const [float, resized, refused] = await entries(wide, 'float,litert,tflm', '--shape', 'x=1,5,9,4');
    expect(resized.ran).toBe('file');
    expect(resized.outputs).toMatchObject([{ shape: [1, 5, 9, 8] }]);
    expect(float.outputs).toMatchObject([{ shape: [1, 5, 9, 8] }]);
    expect(resized.differs?.relative ?? 0).toBeLessThan(1e-5);
    expect(refused.error?.message).toMatch(/expected 5 for dimension 2.*'whittle convert'/s);
  });

  it('says where a .tflite was written of the model', async () => {
    const own = write('model.whittle', saveModel(model));
    const runs = await entries(own, 'float,litert');
    expect(runs.map(({ ran }) => ran)).toEqual(['model', 'tflite']);
    // LiteRT in WebAssembly takes floats: an int8 file gets edges of float.
    const int8 = await writeTflite(temporaryFolder());
    const ran = (await entries(int8, 'int8,tflm,litert,litert-wasm')).map((entry) => entry.ran);
    expect(ran).toEqual(['model', 'file', 'file', 'tflite']);
  });
});
