import { expect, it } from 'vitest';
import { tensor } from '@whittle/core';
import { describeApart, outputsApart } from './outputs-apart.js';

const int8 = (...values: number[]) => tensor('int8', [values.length], Int8Array.from(values));
const float = (...values: number[]) => tensor('float32', [values.length], Float32Array.from(values));

it('counts over all inputs and outputs', () => {
  const expected = [
    [int8(1, 2), int8(3)],
    [int8(4, 5), int8(6)],
  ];
  const found = [
    [int8(1, 0), int8(3)],
    [int8(4, 5), int8(7)],
  ];
  const apart = outputsApart('int8', expected, found);
  expect(apart).toEqual({ from: 'int8', count: 2, of: 6, largest: 2, unit: 'steps' });
  expect(describeApart('litert', apart!)).toBe(
    'litert differs from int8 in 2 of 6 outputs, by at most 2 steps; whittle compare --on int8,litert shows where',
  );
});

it('is nothing for equal outputs, and for outputs of other types', () => {
  expect(outputsApart('int8', [[int8(1)]], [[int8(1)]])).toBeUndefined();
  expect(outputsApart('int8', [[int8(1)]], [[float(2)]])).toBeUndefined();
});

it('is absolute for floats', () => {
  expect(outputsApart('float', [[float(1, 2)]], [[float(1, 2.5)]])).toMatchObject({
    largest: 0.5,
    unit: 'absolute',
    relative: 0.25,
  });
});

it('tells the difference of floats by the largest value, where there is one', () => {
  const apart = outputsApart('float', [[float(0, 4), float(8)]], [[float(1, 4), float(9)]]);
  expect(apart).toMatchObject({ count: 2, largest: 1, relative: 0.25 });
  expect(describeApart('litert', apart!)).toContain('by at most 1, 0.25 of the largest value; ');
  expect(outputsApart('float', [[float(0)]], [[float(1)]])).not.toHaveProperty('relative');
});
