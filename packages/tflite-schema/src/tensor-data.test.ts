import { describe, expect, it } from 'vitest';
import { dtypes, tensor } from '@whittle/core';
import { QuantizationParametersT, TensorT, TensorType } from './generated/tflite.js';
import { quantizationOf, quantizationParameters } from './quantization.js';
import { bytesOf, constantOf } from './tensor-data.js';
import { dtypeOf, tensorTypeOf } from './tensor-types.js';
import { emptyTfliteModel } from './tflite-model.js';

const modelWith = (bytes: Uint8Array) => ({ ...emptyTfliteModel(), buffers: [new Uint8Array(0), bytes] });

describe('constants', () => {
  it.each(dtypes)('come back as they were: %s', (dtype) => {
    const value = tensor(dtype, [5], [1, 0, 1, 1, 0]);
    const bytes = bytesOf(value);
    const found = constantOf(modelWith(bytes), new TensorT([5], tensorTypeOf(dtype), 1, 'w'));
    expect(found).toEqual(value);
    expect(dtypeOf(tensorTypeOf(dtype))).toBe(dtype);
  });

  it('packs int4 two to a byte, the first in the low bits, with signs', () => {
    const value = tensor('int4', [3], [-8, 7, -1]);
    expect(bytesOf(value)).toEqual(Uint8Array.of(0x78, 0x0f));
    expect(constantOf(modelWith(bytesOf(value)), new TensorT([3], TensorType.INT4, 1))).toEqual(value);
  });

  it('reads numbers from any place in the file', () => {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat32(1, 1.5, true);
    new DataView(bytes.buffer).setFloat32(5, -2, true);
    const found = constantOf(modelWith(bytes.subarray(1)), new TensorT([2], TensorType.FLOAT32, 1));
    expect(found?.data).toEqual(Float32Array.of(1.5, -2));
  });

  it('refuses bytes that do not fill the shape, and types that models do not have', () => {
    const model = modelWith(new Uint8Array(7));
    const read = (shape: number[], type: TensorType) => () =>
      constantOf(model, new TensorT(shape, type, 1, 'w'));
    expect(read([2], TensorType.INT32)).toThrow("tensor 'w': found 7 bytes for int32 [2], expected 8");
    expect(read([-7, -1], TensorType.INT8)).toThrow('found 7 bytes for int8 [-7, -1]');
    expect(read([7], TensorType.STRING)).toThrow('tensor type STRING');
  });
});

describe('quantization', () => {
  it('comes back as it was, per tensor and per channel', () => {
    const perTensor = { scale: Float32Array.of(0.1), zeroPoint: Int32Array.of(-128) };
    const perChannel = { scale: Float32Array.of(0.1, 0.2), zeroPoint: new Int32Array(2), axis: 3 };
    for (const q of [perTensor, perChannel]) {
      const stored = new TensorT([1, 3, 3, 2], TensorType.INT8, 0, 'w', quantizationParameters(q));
      expect(quantizationOf(stored)).toEqual(q);
    }
  });

  it('is refused where its numbers do not fit the shape', () => {
    const read = (q: QuantizationParametersT) => () =>
      quantizationOf(new TensorT([4], TensorType.INT8, 0, 'w', q));
    expect(read(new QuantizationParametersT([], [], [1, 1, 1], [0n, 0n, 0n]))).toThrow(
      '3 scales along dimension 0',
    );
    expect(read(new QuantizationParametersT([], [], [1], []))).toThrow('1 scales and 0 zero points');
    expect(read(new QuantizationParametersT([], [], [1], [2n ** 40n]))).toThrow('outside of int32');
  });
});
