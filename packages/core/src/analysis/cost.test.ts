import { expect, test } from 'vitest';
import { ModelBuilder } from '../builder.js';
import { add, conv2d, dense, flatten, relu } from '../ops/index.js';
import { patch } from '../patch.js';
import { float32, tensor } from '../tensor.js';
import { modelBytes, modelCost, nodeCosts } from './cost.js';
import { liveRanges } from './liveness.js';

function model() {
  const b = new ModelBuilder('m');
  const x = b.input('x', ['batch', 4, 4, 2]);
  const conv = {
    strides: [1, 1],
    padding: 'same',
    dilations: [1, 1],
    activation: 'none',
    groups: 1,
  } as const;
  const c = b.node('c', conv2d, { ...conv, strides: [1, 1], dilations: [1, 1] }, [
    x,
    b.parameter('w', float32([3, 3, 2, 2]), 'weight'),
    b.parameter('b', float32([2]), 'bias'),
  ]);
  const sum = b.node('sum', add, { activation: 'none' }, [b.node('r', relu, {}, [c]), x]);
  b.output(
    b.node('d', dense, { activation: 'relu' }, [
      b.node('f', flatten, {}, [sum]),
      b.parameter('dw', float32([32, 3]), 'weight'),
    ]),
  );
  return b.finish();
}

test('costs by hand', () => {
  const m = model();
  const macs = 16 * 2 * 18 + 96;
  expect(modelCost(m)).toEqual({
    parameters: 36 + 2 + 96,
    trainableParameters: 134,
    nonzeroParameters: 134,
    macs,
    flops: 2 * macs + 32 + 32,
    flopsWithActivations: 2 * macs + 32 + 32 + 32 + 3,
    // While c, relu and the sum run: input, one operand and one result of 128 bytes each.
    peakActivationBytes: 3 * 128,
  });
  expect(nodeCosts(m).map((n) => [n.name, n.macs])).toEqual([
    ['c', 576],
    ['r', 0],
    ['sum', 0],
    ['f', 0],
    ['d', 96],
  ]);
  expect(modelBytes(m)).toBe(134 * 4);
  expect(modelBytes(m, 8)).toBe(134);
  expect(modelBytes(m, 1)).toBe(17);
});

test('masked parameters are counted apart', () => {
  const m = patch(model(), (edit) => edit.setParameter('b', { mask: tensor('uint8', [2], [1, 0]) }));
  expect(modelCost(m)).toMatchObject({ parameters: 134, nonzeroParameters: 133 });
});

test('a value lives from the step that makes it to the last that reads it', () => {
  expect(liveRanges(model())).toEqual([
    { id: 'x', first: -1, last: 2 },
    { id: 'c', first: 0, last: 1 },
    { id: 'r', first: 1, last: 2 },
    { id: 'sum', first: 2, last: 3 },
    { id: 'f', first: 3, last: 4 },
    { id: 'd', first: 4, last: 5 },
  ]);
});
