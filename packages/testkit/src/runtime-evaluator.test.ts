import { float32, LoweringTable } from '@whittle/core';
import type { RunCase, Runtime } from '@whittle/core';
import { int8Runtime, prepareInt8 } from '@whittle/int8';
import { describe, expect, test } from 'vitest';
import { realValues, convertInputs } from './real-values.js';
import { runtimeEvaluator } from './runtime-evaluator.js';
import { int8Suites } from './suites/index.js';

const [{ model, inputs }] = int8Suites([3])
  .find(({ name }) => name === 'network')!
  .cases();
const context = { lowerings: new LoweringTable([]), toTflite: () => Promise.reject(new Error('unused')) };
const [{ id: input }] = model.inputs;
const [{ id: output }] = model.outputs;
const feed = realValues(inputs[0][0]);
const values = [...(feed.data as Float32Array)];
const twice = float32([2, ...feed.shape.slice(1)], [...values, ...values.map((x) => x / 2)]);

/** The integer evaluation, which notes the models that it is given. */
function noting(models: unknown[]): Runtime {
  const run = (cases: readonly RunCase[], given: Parameters<Runtime['run']>[1]) => {
    models.push(...cases.map((each) => each.model));
    return int8Runtime.run(cases, given);
  };
  return { ...int8Runtime, run };
}

describe('an evaluator on a runtime', () => {
  test('gives real values of outputs and of values between, one example after another', async () => {
    const inner = model.nodes[0].outputs[0];
    const found = await runtimeEvaluator(int8Runtime, context).run(model, new Map([[input, twice]]), [
      output,
      inner,
      input,
    ]);
    const program = await prepareInt8(model);
    const rows = [0, 1].map((i) =>
      float32(feed.shape, twice.data.slice(i * feed.data.length, (i + 1) * feed.data.length)),
    );
    for (const id of [output, inner]) {
      const expected = rows.flatMap((row) => {
        const [stored] = convertInputs([row], model);
        return [...(realValues(program.run(new Map([[input, stored]]), [id]).get(id)!).data as Float32Array)];
      });
      expect([...(found.get(id)!.data as Float32Array)]).toEqual(expected);
      expect(found.get(id)!.shape[0]).toBe(2);
    }
    expect(found.get(input)).toBe(twice);
  });

  test('asks the runtime for the same model every time', async () => {
    const models: unknown[] = [];
    const evaluator = runtimeEvaluator(noting(models), context);
    for (let i = 0; i < 2; i++) await evaluator.run(model, new Map([[input, twice]]), [output]);
    expect(models).toHaveLength(2);
    expect(models[0]).toBe(models[1]);
  });

  test('says what is missing', async () => {
    const away: Runtime = { ...int8Runtime, unavailable: () => Promise.resolve('not today') };
    const feeds = new Map([[input, twice]]);
    const on = (runtime: Runtime) => runtimeEvaluator(runtime, context);
    await expect(on(away).run(model, feeds, [output])).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE' });
    await expect(on(int8Runtime).run(model, feeds, ['nothing'])).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    await expect(on(int8Runtime).run(model, new Map(), [output])).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
  });
});
