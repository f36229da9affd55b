import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { singleNodeModel } from '../single-node.js';
import { float32, permuteAxes } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { conv2d } from './convolution.js';
import { counting, run, tiesOf } from './op-under-test.fixture.js';
import { transposeConv2d } from './transpose-convolution.js';
import type { TransposeConvAttributes } from './transpose-convolution.js';

const attributes = (change: Partial<TransposeConvAttributes> = {}): TransposeConvAttributes => ({
  strides: [2, 2],
  padding: 'same',
  outputSize: [4, 4],
  activation: 'none',
  ...change,
});

/** Sum of products. */
const inner = (a: Tensor, b: Tensor) =>
  Array.from(a.data as Float32Array).reduce((sum, x, i) => sum + x * Number(b.data[i]), 0);

describe('transpose_conv2d', () => {
  it('adds the kernel at every input pixel', () => {
    const valid = attributes({ padding: 'valid', strides: [1, 2], outputSize: [1, 5] });
    const y = run(transposeConv2d, valid, float32([1, 1, 2, 1], [1, 10]), float32([1, 3, 1, 1], [1, 2, 3]));
    expect([...y.data]).toEqual([1, 2, 13, 20, 30]);
    const clamped = run(
      transposeConv2d,
      { ...valid, activation: 'relu6' },
      float32([1, 1, 2, 1], [1, -10]),
      float32([1, 3, 1, 1], [1, 2, 3]),
      float32([1], [4.5]),
    );
    expect([...clamped.data]).toEqual([5.5, 6, 0, 0, 0]);
  });

  it.each<[number, number, TransposeConvAttributes]>([
    [3, 2, attributes()],
    [4, 5, attributes({ outputSize: [5, 7], strides: [2, 3] })],
    [2, 3, attributes({ padding: 'valid', outputSize: [6, 7] })],
    [3, 3, attributes({ outputSize: [7, 4], strides: [3, 3] })],
  ])('is the transposed map of a convolution: %i x %i %j', (kh, kw, a) => {
    const convolution = { ...a, dilations: [1, 1] as [number, number], groups: 1 };
    const { strides, padding, dilations, activation, groups } = convolution;
    const image = counting(1, ...a.outputSize, 2);
    const weight = counting(kh, kw, 2, 3);
    const forward = run(conv2d, { strides, padding, dilations, activation, groups }, image, weight);
    const back = run(transposeConv2d, a, counting(...forward.shape), permuteAxes(weight, [0, 1, 3, 2]));
    expect(back.shape).toEqual(image.shape);
    expect(inner(forward, counting(...forward.shape))).toBe(inner(image, back));
  });

  it('ties its input and its output channels, and counts its work', () => {
    const operands = [{ shape: ['batch', 2, 2, 5] as const }, float32([3, 3, 5, 6]), float32([6])] as const;
    expect(tiesOf(transposeConv2d, attributes(), ...operands)).toEqual([
      ['x0:3[0+5]', 'x1:2[0+5]'],
      ['x1:3[0+6]', 'y:3[0+6]', 'x2:0[0+6]'],
    ]);
    const [cost] = nodeCosts(singleNodeModel(transposeConv2d, attributes({ activation: 'relu' }), operands));
    const macs = 4 * 9 * 5 * 6;
    expect(cost).toMatchObject({ macs, flops: 2 * macs + 96, activationFlops: 96 });
  });

  it.each<[TransposeConvAttributes, number]>([
    [attributes({ outputSize: [5, 4] }), 5],
    [attributes(), 4],
  ])('refuses %j with %i input channels', (a, channels) => {
    expect(() =>
      singleNodeModel(transposeConv2d, a, [{ shape: ['batch', 2, 2, channels] }, float32([3, 3, 5, 6])]),
    ).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }));
  });
});
