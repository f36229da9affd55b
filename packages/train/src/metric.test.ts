import { float32, interpreter, ModelBuilder, relu, tensor } from '@whittle/core';
import type { Batch, BatchSource } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { accuracy, measure, squaredError } from './index.js';

const scores = float32([3, 2], [0.9, 0.1, 0.2, 0.8, 0.5, 0.5]);

describe('metrics', () => {
  test('accuracy over batches of different size, with class numbers or rows', () => {
    const gathered = accuracy().start();
    gathered.add([scores], tensor('int32', [3], [0, 0, 0]));
    gathered.add([float32([1, 2], [0, 1])], float32([1, 2], [0, 1]));
    expect(gathered.value()).toBe(3 / 4);
    expect(accuracy().format?.(0.98765)).toBe('98.77%');
  });
  test('labels that do not fit are refused', () => {
    expect(() =>
      accuracy()
        .start()
        .add([scores], tensor('int32', [2])),
    ).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
  test('squared error', () => {
    const gathered = squaredError().start();
    gathered.add([float32([2, 1], [1, 2])], float32([2, 1], [0, 4]));
    expect(gathered.value()).toBe(2.5);
  });
});

describe('measure', () => {
  const builder = new ModelBuilder('identity');
  builder.output(builder.node('y', relu, {}, [builder.input('x', ['batch', 2])]));
  const model = builder.finish();
  const source = (batches: readonly Batch[]): BatchSource => ({
    examples: batches.length,
    count: batches.length,
    batches: () => batches,
  });

  test('runs the model over the data', async () => {
    const data = source([{ inputs: [scores], labels: tensor('int32', [3], [0, 1, 1]) }]);
    expect(await measure(model, data, [accuracy()], { evaluator: interpreter })).toEqual({ accuracy: 2 / 3 });
  });
  test('no data is an error, not NaN', async () => {
    await expect(measure(model, source([]), [accuracy()], { evaluator: interpreter })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    });
  });
});
