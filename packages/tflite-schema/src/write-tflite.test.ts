import { describe, expect, it } from 'vitest';
import { tensor } from '@whittle/core';
import { dumpTflite } from './dump-tflite.js';
import {
  ActivationFunctionType,
  BuiltinOperator,
  FullyConnectedOptionsT,
  MetadataT,
  OperatorT,
  SignatureDefT,
  SubGraphT,
  TensorMapT,
  TensorT,
  TensorType,
} from './generated/tflite.js';
import { operatorCode, operatorName, optionsTypeOf } from './operators.js';
import { quantizationParameters } from './quantization.js';
import { readTflite } from './read-tflite.js';
import { bytesOf } from './tensor-data.js';
import type { TfliteModel } from './tflite-model.js';
import { emptyTfliteModel } from './tflite-model.js';
import { writeTflite } from './write-tflite.js';

/** relu(x W^T + b) with W = [[1, 2], [3, -4], [5, 6]], b = [0.5, 0, -20]. */
function smallModel(): TfliteModel {
  const options = new FullyConnectedOptionsT(ActivationFunctionType.RELU);
  const operator = new OperatorT(0, [0, 1, 2], [3], optionsTypeOf(options), options);
  const tensors = [
    new TensorT([1, 2], TensorType.FLOAT32, 0, 'x'),
    new TensorT([3, 2], TensorType.FLOAT32, 1, 'w'),
    new TensorT([3], TensorType.FLOAT32, 2, 'b'),
    new TensorT([1, 3], TensorType.FLOAT32, 0, 'y'),
  ];
  return {
    ...emptyTfliteModel(),
    description: 'by hand',
    operatorCodes: [operatorCode(BuiltinOperator.FULLY_CONNECTED)],
    subgraphs: [new SubGraphT(tensors, [0], [3], [operator], 'main')],
    buffers: [
      new Uint8Array(0),
      bytesOf(tensor('float32', [6], [1, 2, 3, -4, 5, 6])),
      bytesOf(tensor('float32', [3], [0.5, 0, -20])),
    ],
    signatureDefs: [
      new SignatureDefT([new TensorMapT('x', 0)], [new TensorMapT('y', 3)], 'serving_default', 0),
    ],
    metadata: [new MetadataT('by', 1)],
  };
}

describe('writeTflite', () => {
  it('writes what it was given', () => {
    const model = smallModel();
    expect(readTflite(writeTflite(model))).toEqual(model);
    expect(dumpTflite(writeTflite(model))).toMatchInlineSnapshot(`
      "tflite version 3 "by hand"
      subgraph 0 "main" (0) -> (3)
        0: "x" FLOAT32 [1, 2]
        1: "w" FLOAT32 [3, 2] 24 bytes
        2: "b" FLOAT32 [3] 12 bytes
        3: "y" FLOAT32 [1, 3]
        FULLY_CONNECTED v1 (0, 1, 2) -> (3) fused_activation_function=RELU weights_format=DEFAULT keep_num_dims=false asymmetric_quantize_inputs=false quantized_bias_type=FLOAT32 quant_spec=[]
      signature "serving_default" subgraph 0 ("x": 0) -> ("y": 3)
      metadata "by" 24 bytes
      "
    `);
  });

  it('refuses more constants than a file holds, 2 GB, before it makes any of it', () => {
    const part = new Uint8Array(2 ** 20);
    const model = { ...smallModel(), buffers: Array.from({ length: 2048 }, () => part) };
    expect(() => writeTflite(model)).toThrow(
      expect.objectContaining({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('expected at most 2147483647'),
      }),
    );
  });

  it('puts constants at multiples of 16, and equal parts in the file once', () => {
    const bytes = writeTflite(smallModel());
    for (const { byteOffset, length } of readTflite(bytes).buffers)
      if (length > 0) expect((byteOffset - bytes.byteOffset) % 16).toBe(0);
    const model = smallModel();
    const q = quantizationParameters({
      scale: new Float32Array(64).fill(0.1),
      zeroPoint: new Int32Array(64),
      axis: 0,
    });
    for (const name of ['p', 'q'])
      model.subgraphs[0].tensors.push(new TensorT([64], TensorType.INT8, 0, name, q));
    const one = writeTflite({
      ...model,
      subgraphs: [{ ...model.subgraphs[0], tensors: model.subgraphs[0].tensors.slice(0, -1) } as SubGraphT],
    });
    expect(writeTflite(model).length - one.length).toBeLessThan(64);
  });

  it('refuses indices that point to nothing', () => {
    const model = smallModel();
    model.subgraphs[0].operators[0].inputs[2] = 4;
    expect(() => writeTflite(model)).toThrow(
      'subgraph 0, operator 0: input tensor 4 does not exist, there are 4',
    );
    model.subgraphs[0].operators[0].inputs[2] = -1;
    expect(readTflite(writeTflite(model)).subgraphs[0].operators[0].inputs).toEqual([0, 1, -1]);
  });
});

describe('operator codes', () => {
  it('are readable by old readers, which see one byte, and by new ones', () => {
    expect(operatorCode(BuiltinOperator.CONV_2D, 3)).toMatchObject({
      deprecatedBuiltinCode: 3,
      builtinCode: 3,
      version: 3,
    });
    expect(operatorCode(BuiltinOperator.CUMSUM)).toMatchObject({
      deprecatedBuiltinCode: 127,
      builtinCode: 128,
    });
    expect(operatorName(operatorCode({ custom: 'AdderConv2D' }))).toBe('CUSTOM "AdderConv2D"');
  });
});
