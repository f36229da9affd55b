import { expect, test } from 'vitest';
import { ModelBuilder } from './builder.js';
import { conv2d, dequantize, flatten, quantize } from './ops/index.js';
import { patch } from './patch.js';
import { print } from './print.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { loadModel, saveModel } from './serialize.js';
import { float32, tensor } from './tensor.js';
import type { Tensor } from './tensor.js';

function smallModel() {
  const b = new ModelBuilder('small');
  const x = b.input('x', ['batch', 4, 4, 1], {
    preprocess: { layout: 'NHWC', range: [0, 255], mean: [0], scale: [255] },
  });
  const weight = b.parameter(
    'conv/weight',
    float32(
      [3, 3, 1, 2],
      Array.from({ length: 18 }, (_, i) => i / 7),
    ),
    'weight',
  );
  const y = b.node(
    'conv',
    conv2d,
    {
      strides: [1, 2],
      padding: { top: 1, bottom: 0, left: 1, right: 1 },
      dilations: [1, 1],
      activation: 'relu6',
      groups: 1,
    },
    [x, weight],
  );
  const q = b.node('q', quantize, { dtype: 'int8' }, [y], {
    quantization: [{ scale: new Float32Array([0.1]), zeroPoint: new Int32Array([-3]) }],
  });
  b.output(b.node('flat', flatten, {}, [b.node('dq', dequantize, {}, [q])]), { labels: ['a', 'b'] });
  b.metadata({ made: 'by hand' });
  const model = b.finish();
  return patch(model, (edit) =>
    edit.setParameter('conv/weight', {
      mask: tensor(
        'uint8',
        [3, 3, 1, 2],
        Array.from({ length: 18 }, (_, i) => i % 2),
      ),
      codebook: Float32Array.of(-1, 1),
    }),
  );
}

test('a model comes back equal, and is written to the same bytes again', () => {
  const model = smallModel();
  const bytes = saveModel(model);
  const loaded = loadModel(bytes);
  expect(loaded).toEqual(model);
  expect(print(loaded)).toBe(print(model));
  expect(saveModel(loaded)).toEqual(bytes);
});

test('other tools read the weights: the file is plain safetensors', () => {
  const { tensors } = readSafetensors(saveModel(smallModel()));
  expect([...tensors.keys()]).toEqual(['conv/weight', 'conv/weight#mask']);
  expect(tensors.get('conv/weight')?.shape).toEqual([3, 3, 1, 2]);
});

test('tensors of every width are aligned and come back', () => {
  const tensors = new Map<string, Tensor>([
    ['a', tensor('int8', [3], [1, -2, 3])],
    ['b', tensor('int64', [2], [5, -6])],
    ['c', tensor('float16', [1], [0x3c00])],
    ['d', float32([2, 2], [1, 2, 3, 4])],
  ]);
  const read = readSafetensors(writeSafetensors({ tensors, metadata: { k: 'v' } }));
  expect(read.metadata).toEqual({ k: 'v' });
  for (const [name, value] of tensors) expect(read.tensors.get(name)).toEqual(value);
});

test('every truncation and every changed byte of the header gives a coded error or a valid model', () => {
  const bytes = saveModel(smallModel());
  const codes = ['FORMAT_INVALID', 'MODEL_INVALID', 'OP_UNSUPPORTED', 'SHAPE_MISMATCH'];
  const attempt = (input: Uint8Array) => {
    try {
      loadModel(input);
    } catch (error) {
      expect(codes).toContain((error as { code?: string }).code);
    }
  };
  for (let length = 0; length < bytes.length; length += 3) {
    expect(() => loadModel(bytes.subarray(0, length))).toThrowError(
      expect.objectContaining({ code: 'FORMAT_INVALID' }),
    );
  }
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] ^= 1 << (at % 8);
    attempt(changed);
  }
});
