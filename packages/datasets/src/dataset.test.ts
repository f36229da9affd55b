import { createRandom } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { exampleAt, reshapeExamples, subset } from './dataset.js';
import { fromArrays } from './from-arrays.js';
import { measureStandardization } from './preprocess.js';
import { split } from './split.js';
import { toTensor } from './to-tensor.js';

/** Examples [i, i + 0.5] with label i % 3. */
function numbered(count: number) {
  const inputs = Array.from({ length: count }, (_, i) => [i, i + 0.5]).flat();
  return fromArrays({ shape: [2], inputs, labels: Array.from({ length: count }, (_, i) => i % 3) });
}

const firsts = (dataset: ReturnType<typeof numbered>) =>
  Array.from({ length: dataset.count }, (_, i) => exampleAt(dataset, i)[0]);

describe('fromArrays', () => {
  it('brings bytes to 0 ... 1 and leaves other numbers as they are', () => {
    const bytes = fromArrays({ shape: [1, 2, 1], inputs: Uint8Array.of(0, 255, 51, 102), labels: [1, 0] });
    expect(toTensor(bytes).shape).toEqual([2, 1, 2, 1]);
    expect(toTensor(bytes).data).toEqual(Float32Array.of(0, 1, 0.2, 0.4));
    expect(bytes.preprocess.layout).toBe('NHWC');
    const floats = fromArrays({ shape: [2], inputs: [-3, 2.5], labels: [0] });
    expect(floats.preprocess).toEqual({ layout: 'NC', range: [-3, 2.5], mean: [0], scale: [1] });
    expect(toTensor(floats).data).toEqual(Float32Array.of(-3, 2.5));
  });

  it.each([
    ['values that do not fill the examples', { shape: [2], inputs: [1, 2, 3], labels: [0, 1] }],
    ['a label that is no class number', { shape: [1], inputs: [1, 2], labels: [0, 0.5] }],
    ['a negative label', { shape: [1], inputs: [1, 2], labels: [0, -1] }],
    ['a label without a name', { shape: [1], inputs: [1, 2], labels: [0, 1], labelNames: ['a'] }],
    ['a value that is not finite', { shape: [1], inputs: [1, Number.NaN], labels: [0, 1] }],
    ['a shape with a zero', { shape: [0], inputs: [], labels: [] }],
    [
      'means that do not fit the channels',
      {
        shape: [2],
        inputs: [1, 2],
        labels: [0],
        preprocess: { layout: 'NC', range: [0, 1], mean: [0, 0, 0], scale: [1] } as const,
      },
    ],
    [
      'a scale of 0',
      {
        shape: [2],
        inputs: [1, 2],
        labels: [0],
        preprocess: { layout: 'NC', range: [0, 1], mean: [0], scale: [0] } as const,
      },
    ],
  ])('refuses %s', (_, options) => {
    expect(() => fromArrays(options)).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  });
});

describe('parts of a data set', () => {
  it('takes examples in the order asked for', () => {
    const part = subset(numbered(6), [4, 0, 4]);
    expect(part.count).toBe(3);
    expect(firsts(part)).toEqual([4, 0, 4]);
    expect(Array.from(part.labels)).toEqual([1, 0, 1]);
    expect(() => subset(numbered(6), [6])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('splits into disjoint parts that the seed fixes', () => {
    const sizes = { train: 70, validation: 10, test: 19 };
    const parts = split(numbered(100), sizes, createRandom(5));
    const all = Object.values(parts).flatMap(firsts);
    expect(new Set(all).size).toBe(99);
    expect(parts.train.name).toBe('arrays/train');
    expect(split(numbered(100), sizes, createRandom(5))).toEqual(parts);
    expect(firsts(split(numbered(100), sizes, createRandom(6)).train)).not.toEqual(firsts(parts.train));
  });

  it('keeps the proportions of classes where told', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => (i < 700 ? 0 : i < 950 ? 1 : 2));
    const skewed = fromArrays({ shape: [1], inputs: labels, labels });
    const parts = split(skewed, { a: 100, b: 400 }, createRandom(2), { stratified: true });
    const share = (part: 'a' | 'b', label: number) => parts[part].labels.filter((l) => l === label).length;
    [70, 25, 5].forEach((count, label) => {
      expect(Math.abs(share('a', label) - count)).toBeLessThanOrEqual(2);
      expect(Math.abs(share('b', label) - 4 * count)).toBeLessThanOrEqual(2);
    });
  });

  it('refuses parts that take more than there is', () => {
    const refuse = (sizes: Record<string, number>) =>
      expect(() => split(numbered(10), sizes, createRandom(0))).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      );
    refuse({ train: 8, test: 3 });
    refuse({ train: -1 });
    refuse({ train: 0.5 });
  });
});

describe('preprocessing', () => {
  it('standardizes channels, and leaves a constant one at scale 1', () => {
    const dataset = fromArrays({ shape: [2, 1, 2], inputs: [1, 7, 3, 7, 5, 7, 7, 7], labels: [0, 0] });
    const preprocess = measureStandardization(dataset);
    expect(preprocess.mean).toEqual([4, 7]);
    expect(preprocess.scale[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect(preprocess.scale[1]).toBe(1);
    const { data } = toTensor({ ...dataset, preprocess }, [1]);
    expect(Array.from(data)).toEqual([Math.fround(1 / Math.sqrt(5)), 0, Math.fround(3 / Math.sqrt(5)), 0]);
  });

  it('flattens images for dense networks', () => {
    const images = fromArrays({ shape: [2, 2, 1], inputs: Uint8Array.of(0, 51, 102, 255), labels: [0] });
    const flat = reshapeExamples(images, [4]);
    expect(flat.preprocess.layout).toBe('NC');
    expect(toTensor(flat).shape).toEqual([1, 4]);
    expect(toTensor(flat).data).toEqual(toTensor(images).data);
    expect(() => reshapeExamples(images, [5])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
