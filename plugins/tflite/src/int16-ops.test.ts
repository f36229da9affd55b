import { expect, it } from 'vitest';
import type { Model, Tensor } from '@whittle/core';
import { evaluateInt8 } from '@whittle/int8';
import { int16OpSuites } from '@whittle/testkit';
import { dumpTflite } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from './index.js';

const suites = int16OpSuites([1, 2, 3, 4, 5, 6]);

/** What a model's outputs hold, in order. */
async function outputsOf(model: Model, inputs: readonly Tensor[]) {
  const values = await evaluateInt8(model, new Map(model.inputs.map(({ id }, i) => [id, inputs[i]])));
  return model.outputs.map(({ id }) => values.get(id)!.data);
}

it.each(suites)('$name: read again it is the same model, and computes the same', async ({ cases }) => {
  for (const { name, model, inputs } of cases()) {
    const read = readTfliteModel(await emitTflite(model));
    expect(readTfliteModel(await emitTflite(read)), name).toEqual(read);
    expect(read.inputs.map(({ id }) => read.values.get(id)!.dtype)).toEqual(
      model.inputs.map(({ id }) => model.values.get(id)!.dtype),
    );
    for (const each of inputs)
      expect(await outputsOf(read, each), name).toEqual(await outputsOf(model, each));
  }
});

it('the versions tell runtimes that are too old for int16', async () => {
  const versions = new Set<string>();
  for (const suite of suites)
    for (const { model } of suite.cases())
      for (const [found] of dumpTflite(await emitTflite(model)).matchAll(/\b[A-Z][A-Z0-9_]+ v\d+/g))
        versions.add(found);
  const listed = [...versions].filter((each) => !each.endsWith(' v1')).sort();
  expect(listed).toEqual([
    'ABS v3',
    'ADD v3',
    'AVERAGE_POOL_2D v3',
    'BATCH_MATMUL v3',
    'BROADCAST_TO v3',
    'CONCATENATION v3',
    'CONV_2D v4',
    'CONV_2D v6',
    'CONV_2D v8',
    'DEPTHWISE_CONV_2D v5',
    'DEQUANTIZE v3',
    'FULLY_CONNECTED v11',
    'FULLY_CONNECTED v12',
    'FULLY_CONNECTED v7',
    'LEAKY_RELU v2',
    'LOGISTIC v3',
    'MAXIMUM v4',
    'MAX_POOL_2D v3',
    'MEAN v3',
    'MINIMUM v4',
    'MUL v4',
    'PAD v3',
    'PADV2 v3',
    'QUANTIZE v2',
    'RELU v3',
    'RELU6 v3',
    'RESIZE_NEAREST_NEIGHBOR v4',
    'RSQRT v3',
    'SLICE v4',
    'SLICE v5',
    'SOFTMAX v3',
    'SPLIT v4',
    'STRIDED_SLICE v4',
    'SUB v5',
    'TANH v3',
    'TRANSPOSE v5',
    'TRANSPOSE_CONV v4',
    'UNIDIRECTIONAL_SEQUENCE_LSTM v5',
  ]);
});
