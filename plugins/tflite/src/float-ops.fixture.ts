import { expect, it } from 'vitest';
import * as core from '@whittle/core';
import { LoweringTable, ModelBuilder, createRandom, float32, interpret } from '@whittle/core';
import type { Dim, Id, Model, OpDefinition, Runtime, Tensor } from '@whittle/core';
import { createLiteRtRuntime, tflmRuntime } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from './index.js';

/** A model of one op, or of a few, and what is special about it. */
export interface FloatCase {
  readonly label: string;
  readonly model: Model;
  /** Inputs are above zero. */
  readonly positive?: boolean;
  /** TFLite Micro has no such op. */
  readonly lacking?: 'tflm';
}

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';
const draw = createRandom(7).at('values');
export const normal = (shape: readonly number[]) =>
  float32(
    shape,
    new Float32Array(core.sizeOf(shape)).map(() => draw.normal()),
  );

/** A model of one op. Operands: the shape of an input, or a parameter. */
export function single<A>(
  op: OpDefinition<A>,
  attributes: A,
  operands: readonly (readonly Dim[] | Tensor)[],
): Model {
  const build = new ModelBuilder(op.name);
  const ids = operands.map((operand, i): Id =>
    'dtype' in operand
      ? build.parameter(`p${i}`, operand, i === 1 ? 'weight' : 'bias')
      : build.input(`x${i}`, operand),
  );
  build.output(build.node('y', op, attributes, ids));
  return build.finish();
}

const runtimes = [tflmRuntime, createLiteRtRuntime(), createLiteRtRuntime({ resolver: 'builtin' })];

async function outputsOn(
  runtime: Runtime,
  model: Model,
  inputs: readonly Tensor[],
): Promise<readonly Tensor[]> {
  const bytes = await emitTflite(model);
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
  return (await runtime.run([{ model, inputs: [inputs] }], context))[0].outputs[0];
}

function feedsOf({ model, positive }: FloatCase): Tensor[] {
  return model.inputs.map(({ id }) => {
    const { dtype, shape } = core.typeOf(model, id);
    const feed = normal(core.concrete(shape));
    if (dtype === 'int32' || dtype === 'bool')
      return core.tensor(
        dtype,
        feed.shape,
        Array.from(feed.data, (_, i) => (7 * i) % (dtype === 'bool' ? 2 : 3)),
      );
    return positive
      ? float32(
          feed.shape,
          feed.data.map((x) => Math.abs(x) + 0.1),
        )
      : feed;
  });
}

/** Cases compute the same on every runtime that has them, and come back from their files as they were. */
export function checkFloatCases(cases: readonly FloatCase[]): void {
  const named = cases.map((each) => [each.label, each] as const);

  it.skipIf(!judged).each(named)(
    '%s: computes the same in TFLite Micro, LiteRT and the interpreter',
    async (_, each) => {
      const { model } = each;
      const inputs = feedsOf(each);
      const values = interpret(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
      for (const runtime of runtimes.filter(({ name }) => name !== each.lacking)) {
        const outputs = await outputsOn(runtime, model, inputs);
        for (const [i, { id }] of model.outputs.entries()) {
          const expected = values.get(id) as Tensor;
          expect(outputs[i].shape).toEqual(expected.shape);
          const differences = Array.from(Array.from(expected.data, Number), (value, at) => {
            const difference = Math.abs(Number(outputs[i].data[at]) - value);
            return difference / (1 + Math.abs(value));
          });
          expect(Math.max(...differences), runtime.name).toBeLessThan(1e-5);
        }
      }
    },
  );

  const lacking = cases.flatMap((each) => (each.lacking ? [[each.label, each] as const] : []));
  it.skipIf(!judged || lacking.length === 0).each(lacking)('%s: TFLite Micro has none', async (_, each) => {
    await expect(outputsOn(tflmRuntime, each.model, feedsOf(each))).rejects.toThrow(
      expect.objectContaining({ code: 'RUNTIME_FAILED' }),
    );
  });

  it.each(named)('%s: read, written and read again it is the same model', async (_, { model }) => {
    const once = readTfliteModel(await emitTflite(model));
    const bytes = await emitTflite(once);
    expect(readTfliteModel(bytes)).toEqual(once);
    expect(await emitTflite(readTfliteModel(bytes))).toEqual(bytes);
  });
}
