import { describe, expect, it } from 'vitest';
import { float32, interpret } from '@whittle/core';
import { litertRuntime, runFile } from '@whittle/testkit';
import { schema } from '@whittle/tflite-schema';
import { readTfliteModel } from '../index.js';
import { fileOf } from './one-operator-file.fixture.js';

const judged = (await litertRuntime.unavailable()) === undefined || process.env.CI === 'true';
const { RELU6, SIGN_BIT, TANH } = schema.ActivationFunctionType;
const x = float32([1, 4], [-3, -0.5, 0.25, 7]);

const sum = (activation: schema.ActivationFunctionType) =>
  fileOf({
    operator: schema.BuiltinOperator.ADD,
    options: new schema.AddOptionsT(activation),
    operands: [[1, 4], float32([4], [0, 0, 1, 1])],
    outputs: [[1, 4]],
  });

describe('fused activations', () => {
  it.each([
    ['TANH', TANH, 'none'],
    ['SIGN_BIT', SIGN_BIT, 'none'],
    ['RELU6', RELU6, 'relu6'],
  ] as const)('%s is what runtimes make of it', async (_, code, activation) => {
    const file = sum(code);
    const model = readTfliteModel(file);
    expect(model.nodes[0].attributes).toEqual({ activation });
    if (!judged) return;
    const [found] = await runFile('litert', file, [x]);
    const feeds = new Map([[model.inputs[0].id, x]]);
    expect(found.data).toEqual(interpret(model, feeds).get(model.outputs[0].id)!.data);
  });

  it('TANH of a FULLY_CONNECTED is refused, as LiteRT refuses it', () => {
    const file = fileOf({
      operator: schema.BuiltinOperator.FULLY_CONNECTED,
      options: new schema.FullyConnectedOptionsT(TANH),
      operands: [[1, 4], float32([2, 4], [1, 2, 3, 4, 5, 6, 7, 8])],
      outputs: [[1, 2]],
    });
    expect(() => readTfliteModel(file)).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
  });
});
