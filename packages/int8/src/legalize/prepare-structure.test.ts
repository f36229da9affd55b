import {
  batchNorm,
  conv2d,
  createRandom,
  float32,
  interpret,
  maximum,
  ModelBuilder,
  relu,
  sizeOf,
  swish,
} from '@whittle/core';
import { expect, test } from 'vitest';
import { int8Structure, prepareStructure } from './prepare-structure.js';

const random = createRandom(6).at('structure');
const draw = (shape: readonly number[], least = -1) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => least + (1 - least) * random.float()),
  );

/** Convolution, batch norm, relu, swish, maximum with relu. */
function floatModel() {
  const build = new ModelBuilder('m');
  const x = build.input('x', ['batch', 4, 4, 2]);
  const weight = build.parameter('w', draw([3, 3, 2, 3]), 'weight');
  const attributes = {
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'same',
    activation: 'none',
    groups: 1,
  } as const;
  const conv = build.node('conv', conv2d, { ...attributes, strides: [1, 1], dilations: [1, 1] }, [x, weight]);
  const statistics = (['scale', 'offset', 'mean', 'variance'] as const).map((role) =>
    build.parameter(role, draw([3], 0.1), role),
  );
  const normal = build.node('bn', batchNorm, { epsilon: 1e-3 }, [conv, ...statistics]);
  const first = build.node('relu', relu, {}, [normal]);
  const gated = build.node('swish', swish, {}, [first]);
  const larger = build.node('max', maximum, { activation: 'none' }, [gated, first]);
  build.output(build.node('y', relu, {}, [larger]));
  return build.finish();
}

test('the nodes that will be quantized compute what the model computes', () => {
  const before = floatModel();
  const after = prepareStructure(before);
  expect(after.nodes.map((node) => node.op.name)).toEqual(['conv2d', 'sigmoid', 'mul', 'maximum', 'relu']);
  const feeds = new Map([['x', draw([2, 4, 4, 2])]]);
  const [wanted, found] = [before, after].map((m) => interpret(m, feeds).get('y')!.data);
  found.forEach((y, i) => expect(Math.abs(Number(y) - Number(wanted[i]))).toBeLessThan(1e-5));
});

test('the property holds of what is prepared, and says what is not', () => {
  const prepared = prepareStructure(floatModel());
  expect(prepareStructure(prepared)).toBe(prepared);
  expect(int8Structure.check!(prepared)).toBeUndefined();
  expect(int8Structure.check!(floatModel())).toMatchObject({ node: 'conv' });
});
