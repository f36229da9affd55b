import { expect, it } from 'vitest';
import { LoweringTable, float32, interpret } from '@whittle/core';
import { createLiteRtRuntime, tflmRuntime } from '@whittle/testkit';
import {
  bytesOf,
  emptyTfliteModel,
  operatorCode,
  optionsTypeOf,
  schema,
  writeTflite,
} from '@whittle/tflite-schema';
import { readTfliteModel } from './index.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';

/** relu(x W^T + b) with W = [[1, 2], [3, -4], [5, 6]], b = [0.5, 0, -20], field by field. */
function writeSmallFile(): Uint8Array {
  const options = new schema.FullyConnectedOptionsT(schema.ActivationFunctionType.RELU);
  const operator = new schema.OperatorT(0, [0, 1, 2], [3], optionsTypeOf(options), options);
  const tensor = (name: string, shape: number[], buffer: number) =>
    new schema.TensorT(shape, schema.TensorType.FLOAT32, buffer, name);
  const tensors = [
    tensor('x', [1, 2], 0),
    tensor('w', [3, 2], 1),
    tensor('b', [3], 2),
    tensor('y', [1, 3], 0),
  ];
  const weight = bytesOf(float32([6], [1, 2, 3, -4, 5, 6]));
  const bias = bytesOf(float32([3], [0.5, 0, -20]));
  return writeTflite({
    ...emptyTfliteModel(),
    operatorCodes: [operatorCode(schema.BuiltinOperator.FULLY_CONNECTED)],
    subgraphs: [new schema.SubGraphT(tensors, [0], [3], [operator])],
    buffers: [new Uint8Array(0), weight, bias],
  });
}

it.skipIf(!judged)('a file that was written field by field runs everywhere', async () => {
  const bytes = writeSmallFile();
  const model = readTfliteModel(bytes);
  const x = float32([1, 2], [2, 1]);
  const expected = float32([1, 3], [4.5, 2, 0]);
  expect(interpret(model, new Map([['x', x]])).get('y')).toEqual(expected);
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
  for (const runtime of [tflmRuntime, createLiteRtRuntime()]) {
    const [{ outputs }] = await runtime.run([{ model, inputs: [[x]] }], context);
    expect(outputs).toEqual([[expected]]);
  }
});
