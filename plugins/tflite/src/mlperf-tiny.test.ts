import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  LoweringTable,
  allocate,
  concrete,
  createRandom,
  interpret,
  isWhittleError,
  sizeOf,
  tensor,
  typeOf,
} from '@whittle/core';
import type { Model, Runtime, Tensor } from '@whittle/core';
import { createLiteRtRuntime, tflmRuntime } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from './index.js';

const models = fileURLToPath(new URL('../../../../shared/models/mlperf-tiny', import.meta.url));
const load = (name: string) => new Uint8Array(readFileSync(`${models}/${name}.tflite`));
const missingJudges = await tflmRuntime.unavailable();
const judged = missingJudges === undefined || process.env.CI === 'true';

function randomInputs(model: Model, inferences: number): Tensor[][] {
  const draw = createRandom(1).at('inputs');
  return Array.from({ length: inferences }, () =>
    model.inputs.map(({ id }) => {
      const { dtype, shape } = typeOf(model, id);
      const data = allocate(dtype, sizeOf(concrete(shape)));
      for (let i = 0; i < data.length; i++)
        data[i] = dtype === 'float32' ? draw.normal() : draw.int(256) - 128;
      return tensor(dtype, concrete(shape), data);
    }),
  );
}

async function run(runtime: Runtime, bytes: Uint8Array, model: Model, inputs: Tensor[][]): Promise<Tensor[]> {
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
  const [{ outputs }] = await runtime.run([{ model, inputs }], context);
  return outputs.map(([first]) => first);
}

describe.skipIf(!existsSync(models))('MLPerf Tiny models', () => {
  const names = ['ic_resnet8', 'kws_dscnn', 'ad_autoencoder'];

  it.each(names.flatMap((name) => [`${name}_int8`, `${name}_float`]))(
    '%s: read, written and read again it is the same model, and the same bytes from then on',
    async (name) => {
      const model = readTfliteModel(load(name));
      const written = await emitTflite(model);
      const again = readTfliteModel(written);
      expect(isDeepStrictEqual(again, model)).toBe(true);
      expect(isDeepStrictEqual(await emitTflite(again), written)).toBe(true);
    },
  );

  it.skipIf(!judged).each(names)('%s_int8: what is written again computes the same', async (name) => {
    const bytes = load(`${name}_int8`);
    const model = readTfliteModel(bytes);
    const written = await emitTflite(model, { names: 'boundary' });
    expect(written.length).toBeLessThan(bytes.length);
    const inputs = randomInputs(model, 10);
    for (const runtime of [tflmRuntime, createLiteRtRuntime({ resolver: 'builtin' })])
      expect(await run(runtime, written, model, inputs)).toEqual(await run(runtime, bytes, model, inputs));
  });

  it.skipIf(!judged)('ic_resnet8_float: the interpreter computes what LiteRT does', async () => {
    const bytes = load('ic_resnet8_float');
    const model = readTfliteModel(bytes);
    const inputs = randomInputs(model, 2);
    const expected = await run(createLiteRtRuntime(), bytes, model, inputs);
    inputs.forEach((feeds, i) => {
      const found = interpret(model, new Map(model.inputs.map(({ id }, k) => [id, feeds[k]])));
      const { data } = found.get(model.outputs[0].id) as Tensor;
      for (let c = 0; c < data.length; c++)
        expect(Number(data[c])).toBeCloseTo(Number(expected[i].data[c]), 4);
    });
  });

  it('reads int8 weights of a float model as floats, and runs', () => {
    const model = readTfliteModel(load('kws_dscnn_float'));
    expect([...model.parameters.values()].every(({ tensor }) => tensor.dtype === 'float32')).toBe(true);
    const [feed] = randomInputs(model, 1)[0];
    const { data } = interpret(model, new Map([[model.inputs[0].id, feed]])).get(
      model.outputs[0].id,
    ) as Tensor;
    expect(Array.from(data as Float32Array).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  });

  it('reads or refuses damaged files with a code, whatever bits are flipped', async () => {
    const bytes = await emitTflite(readTfliteModel(load('kws_dscnn_int8')));
    const draw = createRandom(21).at('bit flips');
    const counts: Record<string, number> = {};
    for (let i = 0; i < 1000; i++) {
      const damaged = bytes.slice();
      const at = draw.int(12_000);
      for (let flips = draw.int(3); flips >= 0; flips--) damaged[at + flips] ^= 1 << draw.int(8);
      let outcome = 'read';
      try {
        readTfliteModel(damaged);
      } catch (error) {
        if (!isWhittleError(error)) throw error;
        outcome = error.code;
      }
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    expect(Object.keys(counts).sort()).toEqual(['FORMAT_INVALID', 'OP_UNSUPPORTED', 'read']);
  });
});
