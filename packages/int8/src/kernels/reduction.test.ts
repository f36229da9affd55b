import { argMax, argMin, cumsum, reduceMin, reduceSum, tensor } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateNode, scaled } from '../int8-node.fixture.js';

const q = scaled(0.5, 3);
const x = tensor('int8', [1, 2, 3], [3, 5, -7, 3, -5, 127], q);

describe('reduce_sum', () => {
  it('sums distances from the zero point, and rescales', async () => {
    // [[0, 1, -5], [0, -4, 62]].
    const over = (axes: [number, ...number[]]) =>
      evaluateNode(reduceSum, { axes, keepDims: false }, [x], scaled(1, -1));
    expect(await over([1])).toEqual([-1, -4, 56]);
    expect(await over([2])).toEqual([-5, 57]);
    expect(await over([1, 2])).toEqual([53]);
  });

  it('saturates', async () => {
    expect(await evaluateNode(reduceSum, { axes: [2], keepDims: true }, [x], scaled(0.25))).toEqual([
      -16, 127,
    ]);
  });
});

describe('reduce_min', () => {
  const attributes = { axes: [1] as [number], keepDims: false };

  it('compares stored values', async () => {
    expect(await evaluateNode(reduceMin, attributes, [x], q)).toEqual([3, -5, -7]);
  });

  it('refuses to rescale', async () => {
    await expect(evaluateNode(reduceMin, attributes, [x], scaled(0.5, 2))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      node: 'y',
    });
  });
});

describe('arg_max and arg_min', () => {
  const indexOf = (op: typeof argMax, axis: number) =>
    evaluateNode(op, { axis, dtype: 'int32' as const }, [x], undefined);

  it('find the first of equals', async () => {
    expect(await indexOf(argMax, 1)).toEqual([0, 0, 1]);
    expect(await indexOf(argMin, 1)).toEqual([0, 1, 0]);
    expect(await indexOf(argMax, 2)).toEqual([1, 2]);
  });

  it('refuse indices of 64 bits', async () => {
    await expect(evaluateNode(argMax, { axis: 1, dtype: 'int64' }, [x], undefined)).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      node: 'y',
    });
  });
});

describe('cumsum', () => {
  const of = (exclusive: boolean, reverse: boolean, zeroPoint = 0, extent = 4) => {
    const data = Array.from({ length: extent }, (_, i) => i + 1);
    const input = tensor('int8', [1, extent], data, scaled(0.5, zeroPoint));
    return evaluateNode(cumsum, { axis: 1, exclusive, reverse }, [input], scaled(1, -2));
  };

  it('sums from either end, with or without the element', async () => {
    // Halves away from zero: 0.5, 1.5, 3, 5.
    expect(await of(false, false)).toEqual([-1, 0, 1, 3]);
    expect(await of(true, false)).toEqual([-2, -1, 0, 1]);
    // 5, 4.5, 3.5, 2.
    expect(await of(false, true)).toEqual([3, 3, 2, 0]);
    expect(await of(true, true)).toEqual([3, 2, 0, -2]);
  });

  it('refuses zero points, and sums that may leave 32 bits', async () => {
    await expect(of(false, false, 1)).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
    await expect(of(false, false, 0, 32)).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });
});
