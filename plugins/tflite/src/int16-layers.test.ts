import { expect, it } from 'vitest';
import { dense, LoweringTable, ModelBuilder, tensor } from '@whittle/core';
import { evaluateInt8 } from '@whittle/int8';
import { int16OpSuites, perTensor, tflmRuntime } from '@whittle/testkit';
import { dumpTflite, readTflite, schema, writeTflite } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from './index.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';

const layers = ['conv2d', 'depthwise_conv2d', 'transpose_conv2d', 'dense', 'batch_matmul'];
const suites = int16OpSuites().filter(({ name }) => layers.includes(name.replace(/_int16$/, '')));

it.each(suites)('$name: read, written and read again it is the same model', async ({ cases }) => {
  for (const { name, model } of cases()) {
    const bytes = await emitTflite(model);
    const once = readTfliteModel(bytes);
    const again = await emitTflite(once);
    expect(readTfliteModel(again), name).toEqual(once);
    expect(await emitTflite(readTfliteModel(again)), name).toEqual(again);
  }
});

/** The operator's line of each case, by what the case's name has in it. */
async function linesOf(suite: string, part: RegExp): Promise<string[]> {
  const cases = suites.find(({ name }) => name === suite)!.cases();
  const chosen = cases.filter(({ name }) => part.test(name));
  expect(chosen.length).toBeGreaterThan(0);
  return Promise.all(
    chosen.map(async ({ model }) => {
      const lines = dumpTflite(await emitTflite(model)).split('\n');
      return lines.find((line) => /_(2D|CONNECTED) v\d/.test(line))!;
    }),
  );
}

it('the type of the bias says what is summed in, and an older runtime is told', async () => {
  for (const line of await linesOf('dense_int16', /weight zero point .* wide bias/))
    expect(line).toMatch(/FULLY_CONNECTED v7 .*quantized_bias_type=FLOAT32/);
  for (const line of await linesOf('dense_int16', /weight zero point (?!.*bias)/))
    expect(line).toMatch(/FULLY_CONNECTED v11 .*quantized_bias_type=INT32/);
  for (const line of await linesOf('conv2d_int16', /(?<!bias)$/))
    expect(line).toMatch(/CONV_2D v8 .*quantized_bias_type=INT32/);
  for (const line of await linesOf('conv2d_int16', /wide bias/))
    expect(line).toMatch(/DEPTHWISE_CONV_2D v5|CONV_2D v[46] .*quantized_bias_type=FLOAT32/);
});

it.skipIf(!judged)('a layer without bias that says INT32 is summed in 32 bits', async () => {
  const builder = new ModelBuilder('dense');
  const x = builder.input('x', [1, 2], { dtype: 'int16', quantization: perTensor(0.5, 0) });
  const weight = tensor('int8', [2, 1], [0, 1], perTensor(1, 0));
  const ids = [x, builder.parameter('weight', weight, 'weight')];
  builder.output(builder.node('y', dense, { activation: 'none' }, ids, { quantization: [perTensor(2, 0)] }));
  const file = readTflite(await emitTflite(builder.finish()));
  const [operator] = file.subgraphs[0].operators;
  // -2 * 0.25 is half a step: toward +infinity from 64 bits, away from zero from 32.
  const feed = tensor('int16', [1, 2], [1000, -2]);
  for (const [type, expected] of [
    [schema.TensorType.FLOAT32, 0],
    [schema.TensorType.INT32, -1],
  ]) {
    (operator.builtinOptions as schema.FullyConnectedOptionsT).quantizedBiasType = type;
    const bytes = writeTflite(file);
    const model = readTfliteModel(bytes);
    const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
    const [{ outputs }] = await tflmRuntime.run([{ model, inputs: [[feed]] }], context);
    expect(Array.from(outputs[0][0].data as Int16Array)).toEqual([expected]);
    const values = await evaluateInt8(model, new Map([[model.inputs[0].id, feed]]));
    expect(Array.from(values.get(model.outputs[0].id)!.data as Int16Array)).toEqual([expected]);
    expect(readTfliteModel(await emitTflite(model))).toEqual(model);
  }
});
