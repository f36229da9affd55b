import { expect, it } from 'vitest';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { run, tiesOf } from './op-under-test.fixture.js';
import { prelu } from './prelu.js';

it('prelu has a slope of its own below zero for each channel', () => {
  const x = float32([1, 2, 2], [-1, -2, 3, -4]);
  expect([...run(prelu, {}, x, float32([2], [0.5, -1])).data]).toEqual([-0.5, 2, 3, 4]);
  expect(tiesOf(prelu, {}, { shape: ['batch', 3, 2] }, { shape: [2] })).toEqual([
    ['y:0[0+1]', 'x0:0[0+1]'],
    ['y:1[0+3]', 'x0:1[0+3]'],
    ['y:2[0+2]', 'x0:2[0+2]', 'x1:0[0+2]'],
  ]);
});

it.each([[[3]], [[1, 1, 2]]])('prelu refuses a slope of shape %j for an input of [batch, 2]', (shape) => {
  expect(() => singleNodeModel(prelu, {}, [{ shape: ['batch', 2] }, { shape }])).toThrow(
    expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
  );
});
