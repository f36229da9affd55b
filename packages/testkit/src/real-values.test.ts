import { float32, ModelBuilder, relu6, tensor } from '@whittle/core';
import type { DType, Model } from '@whittle/core';
import { expect, test } from 'vitest';
import { convertInputs } from './real-values.js';
import { perTensor } from './suites/draw.js';

/** A model whose input is of a type, scale 1/2, zero point 1 (int16: scale 1/256, zero point 0). */
function takes(dtype: DType): Model {
  const quantization = dtype === 'int16' ? perTensor(2 ** -8, 0) : perTensor(0.5, 1);
  const builder = new ModelBuilder(dtype);
  const x = builder.input('x', [1, 3], { dtype, ...(dtype !== 'float32' && { quantization }) });
  builder.output(builder.node('y', relu6, {}, [x], { quantization: [quantization] }));
  return builder.finish();
}

const convert = (value: Parameters<typeof convertInputs>[0][number], dtype: DType) =>
  Array.from(convertInputs([value], takes(dtype))[0].data, Number);

test('real values become what the model stores', () => {
  const real = float32([3], [-1, 1.25, 1000]);
  expect(convert(real, 'int8')).toEqual([-1, 4, 127]);
  expect(convert(real, 'int16')).toEqual([-256, 320, 32767]);
  expect(convert(real, 'float32')).toEqual([-1, 1.25, 1000]);
});

test('stored values with a scale become real, or another type', () => {
  const stored = tensor('int8', [3], [-1, 4, 127], perTensor(0.5, 1));
  expect(convert(stored, 'float32')).toEqual([-1, 1.5, 63]);
  expect(convert(stored, 'int16')).toEqual([-256, 384, 16128]);
  expect(convert(stored, 'int8')).toEqual([-1, 4, 127]);
});

test('stored values without a scale are refused where they would have to be converted', () => {
  const stored = tensor('int8', [3], [-1, 4, 127]);
  expect(() => convert(stored, 'int16')).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
