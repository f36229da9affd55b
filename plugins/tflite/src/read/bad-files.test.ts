import { describe, expect, it } from 'vitest';
import { conv2d, isWhittleError, ModelBuilder, relu, softmax, tensor } from '@whittle/core';
import type { Quantization } from '@whittle/core';
import { operatorCode, readTflite, schema, writeTflite } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from '../index.js';

const q = (scale: number, zeroPoint = 0): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: Int32Array.of(zeroPoint),
});

/** int8: a convolution, relu and softmax. Tensors: x, weight, bias, conv, relu, y. */
async function file(change: (file: TfliteModel) => void): Promise<Uint8Array> {
  const build = new ModelBuilder('m');
  const x = build.input('x', [1, 4, 4, 2], { dtype: 'int8', quantization: q(0.1) });
  const window = {
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'same',
    activation: 'none',
    groups: 1,
  } as const;
  const weight = tensor('int8', [1, 1, 2, 3], [1, 2, 3, 4, 5, 6], q(0.5));
  const bias = tensor('int32', [3], [1, 2, 3], q(0.05));
  const conv = build.node(
    'conv',
    conv2d,
    { ...window, strides: [1, 1], dilations: [1, 1] },
    [x, build.parameter('weight', weight, 'weight'), build.parameter('bias', bias, 'bias')],
    { quantization: [q(0.2)] },
  );
  const bent = build.node('bent', relu, {}, [conv], { quantization: [q(0.2)] });
  build.output(build.node('y', softmax, { beta: 1 }, [bent], { quantization: [q(1 / 256, -128)] }));
  const model = readTflite(await emitTflite(build.finish()));
  change(model);
  return writeTflite(model);
}

const tensorNamed = ({ subgraphs }: TfliteModel, name: string) =>
  subgraphs[0].tensors.find((each) => each.name === name)!;

describe('a damaged file is refused with a code, before anything comes of it', () => {
  it.each<readonly [string, (file: TfliteModel) => void]>([
    ['a scale of zero', (f) => (tensorNamed(f, 'conv').quantization!.scale = [0])],
    ['a scale that is no number', (f) => (tensorNamed(f, 'x').quantization!.scale = [NaN])],
    ['an infinite scale of weights', (f) => (tensorNamed(f, 'weight').quantization!.scale = [Infinity])],
    ['a negative scale', (f) => (tensorNamed(f, 'bent').quantization!.scale = [-0.5])],
    ['a zero point beyond 32 bits', (f) => (tensorNamed(f, 'x').quantization!.zeroPoint = [2n ** 40n])],
    ['more scales than channels', (f) => (tensorNamed(f, 'weight').quantization!.scale = [1, 2, 3, 4])],
    ['an extent of zero', (f) => (tensorNamed(f, 'x').shape = [1, 0, 4, 2])],
    ['an extent below zero', (f) => (tensorNamed(f, 'x').shape = [1, -4, 4, 2])],
    ['more elements than 32 bits count', (f) => (tensorNamed(f, 'x').shape = [1, 65536, 65536, 2])],
    [
      'a shape that overflows',
      (f) => (tensorNamed(f, 'conv').shape = [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1, 3]),
    ],
    ['too few weights', (f) => (tensorNamed(f, 'weight').shape = [4, 1, 1, 2])],
    ['an absent operand', (f) => (f.subgraphs[0].operators[1].inputs = [-1])],
    [
      'two operators that write one tensor',
      (f) => (f.subgraphs[0].operators[1].outputs = [...f.subgraphs[0].operators[0].outputs]),
    ],
    [
      'an operator that writes the input',
      (f) => (f.subgraphs[0].operators[1].outputs = [...f.subgraphs[0].inputs]),
    ],
    [
      'an operator that reads its own result',
      (f) => (f.subgraphs[0].operators[1].inputs = [...f.subgraphs[0].operators[1].outputs]),
    ],
    ['operators out of order', (f) => f.subgraphs[0].operators.reverse()],
    ['an output that nothing computes', (f) => f.subgraphs[0].operators.pop()],
    [
      'a stride of zero',
      (f) => ((f.subgraphs[0].operators[0].builtinOptions as schema.Conv2DOptionsT).strideH = 0),
    ],
  ])('%s', async (_, change) => {
    const bytes = await file(change);
    expect(() => readTfliteModel(bytes)).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }));
  });
});

it('operators that models do not have are named all at once, each with its layer', async () => {
  const bytes = await file((f) => {
    const [conv, , last] = f.subgraphs[0].operators;
    const code = f.operatorCodes.push(operatorCode(schema.BuiltinOperator.BUCKETIZE)) - 1;
    f.subgraphs[0].operators[1].opcodeIndex = code;
    f.subgraphs[0].operators[1].builtinOptions = null;
    f.subgraphs[0].operators[1].builtinOptionsType = schema.BuiltinOptions.NONE;
    (conv.builtinOptions as schema.Conv2DOptionsT).fusedActivationFunction = 9 as never;
    last.opcodeIndex = f.operatorCodes.push(operatorCode({ custom: 'Mine' })) - 1;
  });
  let thrown: unknown;
  try {
    readTfliteModel(bytes);
  } catch (error) {
    thrown = error;
  }
  expect(isWhittleError(thrown, 'OP_UNSUPPORTED') && thrown.message).toBe(
    [
      ".tflite: 3 operators can't be read:",
      '  conv: fused activation 9 has no counterpart',
      '  bent: no op for BUCKETIZE',
      '  y: no op for custom:Mine',
    ].join('\n'),
  );
  expect(isWhittleError(thrown) && thrown.problems?.map(({ node }) => node)).toEqual(['conv', 'bent', 'y']);
});

it('an operand that does not exist is refused', async () => {
  const bytes = await file(() => {});
  // The operands of the convolution: three tensors, 0 to 2, as a vector of the format.
  const vector = new Uint8Array(Int32Array.of(3, 0, 1, 2).buffer);
  const at = bytes.findIndex((_, i) => vector.every((byte, j) => bytes[i + j] === byte));
  expect(readTfliteModel(bytes).nodes).toHaveLength(3);
  bytes[at + 12] = 99;
  expect(() => readTfliteModel(bytes)).toThrow(
    expect.objectContaining({
      code: 'FORMAT_INVALID',
      message: expect.stringContaining('input tensor 99 does not exist') as string,
    }),
  );
});
