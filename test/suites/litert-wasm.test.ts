import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import {
  bind,
  concrete,
  createRandom,
  float32,
  interpret,
  ModelBuilder,
  sizeOf,
  typeOf,
} from '@whittle/core';
import type { Model, RunCase, Tensor } from '@whittle/core';
import { litertWasmRuntime, runtimeContext, sequenceInputs } from '@whittle/testkit';
import { suiteOptions } from './tested-runtimes.js';

const reason = await litertWasmRuntime.unavailable();
const runnable = reason === undefined || process.env.CI === 'true';
const draw = createRandom(5).at('values');
const normal = (shape: readonly number[]) =>
  float32(
    shape,
    new Float32Array(sizeOf(shape)).map(() => draw.normal()),
  );

/** Two inputs, one of them an image, and two outputs, in an order of their own. */
function floats(): Model {
  const build = new ModelBuilder('floats');
  const x = build.input('x', ['batch', 6, 5, 3]);
  const a = build.input('a', ['batch', 4]);
  const window = {
    strides: [1, 1],
    padding: 'same',
    dilations: [1, 1],
    groups: 1,
    activation: 'relu6',
  } as const;
  const w = build.parameter('w', normal([3, 3, 3, 4]), 'weight');
  const y = build.node('y', core.conv2d, { ...window, strides: [1, 1], dilations: [1, 1] }, [x, w]);
  const m = build.node('m', core.mean, { axes: [1, 2], keepDims: false }, [y]);
  build.output(build.node('z', core.add, { activation: 'none' }, [m, a]));
  build.output(y);
  return build.finish();
}

const differences = (a: Tensor, b: Tensor) =>
  Array.from(a.data, Number).map((value, i) => Math.abs(value - Number(b.data[i])));

describe.skipIf(!runnable)(`litert-wasm${reason ? `: ${reason}` : ''}`, () => {
  const context = runtimeContext(suiteOptions.registry);
  const run = (cases: readonly RunCase[]) => litertWasmRuntime.run(cases, context);

  it('runs float models, with inputs and outputs in order', async () => {
    const model = floats();
    const inputs = [0, 1, 2].map(() =>
      model.inputs.map(({ id }) => normal(concrete(typeOf(model, id).shape))),
    );
    const [{ outputs }, { outputs: none }] = await run([
      { model, inputs },
      { model, inputs: [] },
    ]);
    expect(none).toEqual([]);
    inputs.forEach((tensors, i) => {
      const values = interpret(
        bind(model, { batch: 1 }),
        new Map(model.inputs.map(({ id }, j) => [id, tensors[j]])),
      );
      model.outputs.forEach(({ id }, j) => {
        const expected = values.get(id)!;
        expect(outputs[i][j].shape).toEqual(expected.shape);
        expect(Math.max(...differences(outputs[i][j], expected))).toBeLessThan(1e-5);
      });
    });
  });

  it('says what it does not take, and goes on after a model that LiteRT refuses', async () => {
    const bools = new ModelBuilder('bools');
    bools.output(bools.node('y', core.cast, { dtype: 'bool' }, [bools.input('x', [1, 2])]));
    await expect(run([{ model: bools.finish(), inputs: [[normal([1, 2])]] }])).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
    });
    const model = floats();
    const broken = { ...context, toTflite: () => Promise.resolve(new Uint8Array(64)) };
    const inputs = [sequenceInputs(model, 1)];
    await expect(litertWasmRuntime.run([{ model, inputs }], broken)).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
    });
    expect((await run([{ model, inputs }]))[0].outputs).toHaveLength(1);
    const stopped = { ...context, signal: AbortSignal.abort() };
    await expect(litertWasmRuntime.run([{ model, inputs }], stopped)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
