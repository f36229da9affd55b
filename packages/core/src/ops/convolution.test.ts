import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { viewNode } from '../op.js';
import { createRandom } from '../random.js';
import { singleNodeModel } from '../single-node.js';
import { float32, sizeOf, take } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { conv2d, depthwiseConv2d } from './convolution.js';
import type { ConvAttributes, DepthwiseAttributes } from './convolution.js';
import { concat, pad } from './shape.js';

const plain: ConvAttributes = {
  strides: [1, 1],
  padding: 'valid',
  dilations: [1, 1],
  activation: 'none',
  groups: 1,
};
const { groups: _, ...plainDepthwise } = plain;

function conv(attributes: Partial<ConvAttributes>, ...operands: readonly Tensor[]): Tensor {
  return interpret(singleNodeModel(conv2d, { ...plain, ...attributes }, operands), new Map()).get('y')!;
}
function depthwise(attributes: Partial<DepthwiseAttributes>, ...operands: readonly Tensor[]): Tensor {
  const model = singleNodeModel(depthwiseConv2d, { ...plainDepthwise, ...attributes }, operands);
  return interpret(model, new Map()).get('y')!;
}
/** Small integers, so that sums are exact in any order. */
function integers(name: string, ...shape: readonly number[]): Tensor<'float32'> {
  const draws = createRandom(1).at(name);
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => draws.int(9) - 4),
  );
}
const values = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const counting = (...shape: readonly number[]) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
  );

describe('conv2d by hand', () => {
  const image = counting(1, 3, 3, 1); // 1 2 3 / 4 5 6 / 7 8 9

  it('slides a kernel without flipping it', () => {
    const kernel = float32([2, 2, 1, 1], [1, 0, 0, 10]);
    const y = conv({}, image, kernel);
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect(values(y)).toEqual([51, 62, 84, 95]);
  });

  it("pads 'same' at the bottom right first", () => {
    const kernel = float32([2, 2, 1, 1], [1, 1, 1, 1]);
    expect(values(conv({ padding: 'same' }, image, kernel))).toEqual([12, 16, 9, 24, 28, 15, 15, 17, 9]);
    expect(values(conv({ padding: 'same', strides: [2, 2] }, image, kernel))).toEqual([12, 9, 15, 9]);
  });

  it('takes a stride for rows and another for columns', () => {
    const kernel = float32([1, 1, 1, 1], [1]);
    expect(values(conv({ strides: [2, 1] }, image, kernel))).toEqual([1, 2, 3, 7, 8, 9]);
    expect(values(conv({ strides: [1, 2] }, image, kernel))).toEqual([1, 3, 4, 6, 7, 9]);
  });

  it('pads each side as told', () => {
    const kernel = float32([1, 1, 1, 1], [1]);
    const y = conv({ padding: { top: 1, bottom: 0, left: 0, right: 2 } }, image, kernel);
    expect(y.shape).toEqual([1, 4, 5, 1]);
    expect(values(y)).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 7, 8, 9, 0, 0]);
  });

  it('sums over channels, adds the bias, then clamps', () => {
    const x = float32([1, 1, 2, 2], [1, 2, 3, 4]);
    const weight = float32([1, 1, 2, 3], [1, 10, -1, 2, 20, -2]);
    const bias = float32([3], [0.5, 0, 1]);
    expect(values(conv({}, x, weight, bias))).toEqual([5.5, 50, -4, 11.5, 110, -10]);
    expect(values(conv({ activation: 'relu' }, x, weight, bias))).toEqual([5.5, 50, 0, 11.5, 110, 0]);
    expect(values(conv({ activation: 'relu6' }, x, weight, bias))).toEqual([5.5, 6, 0, 6, 6, 0]);
    expect(values(conv({ activation: 'relu_n1_to_1' }, x, weight, bias))).toEqual([1, 1, -1, 1, 1, -1]);
  });

  it('keeps groups apart', () => {
    const x = float32([1, 1, 1, 4], [1, 2, 3, 4]);
    const weight = float32([1, 1, 2, 2], [1, 10, 100, 1000]); // inputs of a group x outputs
    expect(values(conv({ groups: 2 }, x, weight))).toEqual([1 + 200, 30 + 4000]);
  });
});

describe('conv2d by what it is equal to', () => {
  const shapes: readonly (readonly [number, number, number, number])[] = [
    [7, 5, 3, 3],
    [6, 9, 2, 3],
    [8, 8, 5, 4],
  ];

  it.each(shapes)("on %i x %i with %i x %i: 'same' is padding, then 'valid'", (height, width, kh, kw) => {
    const x = integers('x', 2, height, width, 3);
    const weight = integers('w', kh, kw, 3, 4);
    for (const strides of [
      [1, 1],
      [2, 3],
      [3, 2],
    ] as const)
      for (const dilations of [
        [1, 1],
        [2, 1],
        [1, 2],
      ] as const) {
        const margins = [0, 1].map((axis): [number, number] => {
          const reach = ([kh, kw][axis] - 1) * dilations[axis] + 1;
          const size = [height, width][axis];
          const total = Math.max((Math.ceil(size / strides[axis]) - 1) * strides[axis] + reach - size, 0);
          return [Math.floor(total / 2), Math.ceil(total / 2)];
        });
        const paddings: [number, number][] = [[0, 0], margins[0], margins[1], [0, 0]];
        const padded = pad.evaluate({ name: 'p', attributes: { paddings, value: 0 }, inputs: [x] }, [x])[0];
        const attributes = {
          strides: [...strides] as [number, number],
          dilations: [...dilations] as [number, number],
        };
        expect(conv({ ...attributes, padding: 'same' }, x, weight)).toEqual(conv(attributes, padded, weight));
      }
  });

  it('with strides is every second and third pixel of one without', () => {
    const x = integers('x', 1, 9, 11, 2);
    const weight = integers('w', 3, 2, 2, 3);
    const dense = conv({}, x, weight);
    const sampled = take(take(dense, 1, [0, 2, 4, 6]), 2, [0, 3, 6, 9]);
    expect(conv({ strides: [2, 3] }, x, weight)).toEqual(sampled);
  });

  it('with dilation is one with zeros between the taps', () => {
    const x = integers('x', 1, 9, 8, 2);
    const weight = integers('w', 2, 3, 2, 3);
    const spread = float32([4, 5, 2, 3]); // rows 0 and 3, columns 0, 2 and 4
    for (let ky = 0; ky < 2; ky++)
      for (let kx = 0; kx < 3; kx++)
        spread.data.set(
          weight.data.subarray((ky * 3 + kx) * 6, (ky * 3 + kx + 1) * 6),
          (ky * 3 * 5 + kx * 2) * 6,
        );
    expect(conv({ dilations: [3, 2] }, x, weight)).toEqual(conv({}, x, spread));
  });

  it('in groups is one convolution a group, joined', () => {
    const x = integers('x', 2, 5, 6, 6);
    const weight = integers('w', 3, 3, 2, 9);
    const parts = [0, 1, 2].map((g) =>
      conv(
        { padding: 'same' },
        take(x, 3, [2 * g, 2 * g + 1]),
        take(weight, 3, [3 * g, 3 * g + 1, 3 * g + 2]),
      ),
    );
    const joined = concat.evaluate({ name: 'c', attributes: { axis: 3 }, inputs: parts }, parts)[0];
    expect(conv({ padding: 'same', groups: 3 }, x, weight)).toEqual(joined);
  });

  it('in as many groups as channels is depthwise', () => {
    const x = integers('x', 2, 6, 5, 3);
    const weight = integers('w', 3, 2, 3, 2); // [kh, kw, channel, multiplier]
    const bias = integers('b', 6);
    for (const attributes of [
      { padding: 'same' },
      { strides: [2, 3] },
      { dilations: [2, 2], activation: 'relu6' },
    ] as Partial<DepthwiseAttributes>[])
      expect(depthwise(attributes, x, weight, bias)).toEqual(
        conv({ ...attributes, groups: 3 }, x, { ...weight, shape: [3, 2, 1, 6] }, bias),
      );
  });
});

describe('depthwiseConv2d by hand', () => {
  it('gives output channel c * M + m from input channel c', () => {
    const x = float32([1, 1, 1, 2], [3, 5]);
    const weight = float32([1, 1, 2, 3], [1, 10, 100, 2, 20, 200]);
    expect(values(depthwise({}, x, weight))).toEqual([3, 30, 300, 10, 100, 1000]);
  });
});

describe('types, cost and channels of convolutions', () => {
  const input = { shape: ['batch', 7, 5, 4] } as const;

  it('infers extents of every padding', () => {
    const shape = (attributes: Partial<ConvAttributes>) =>
      singleNodeModel(conv2d, { ...plain, ...attributes }, [input, float32([3, 3, 4, 8])]).values.get('y')
        ?.shape;
    expect(shape({})).toEqual(['batch', 5, 3, 8]);
    expect(shape({ padding: 'same', strides: [2, 2] })).toEqual(['batch', 4, 3, 8]);
    expect(shape({ dilations: [3, 2] })).toEqual(['batch', 1, 1, 8]);
    expect(shape({ padding: { top: 0, bottom: 1, left: 2, right: 0 }, strides: [2, 3] })).toEqual([
      'batch',
      3,
      2,
      8,
    ]);
  });

  it.each<[string, Partial<ConvAttributes>, Tensor[]]>([
    ['channels that differ', {}, [float32([3, 3, 3, 8])]],
    ['a weight of another rank', {}, [float32([3, 4, 8])]],
    ['a kernel larger than the image', {}, [float32([8, 3, 4, 8])]],
    ['a dilated kernel larger than the image', { dilations: [1, 3] }, [float32([1, 3, 4, 8])]],
    ['groups that do not divide the outputs', { groups: 2 }, [float32([3, 3, 2, 7])]],
    ['groups that do not fit the weight', { groups: 2 }, [float32([3, 3, 4, 8])]],
    ['a bias of another length', {}, [float32([3, 3, 4, 8]), float32([4])]],
  ])('refuses %s', (_, attributes, operands) => {
    expect(() => singleNodeModel(conv2d, { ...plain, ...attributes }, [input, ...operands])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });

  it('refuses depthwise weights and biases that do not fit', () => {
    for (const operands of [[float32([3, 3, 3, 1])], [float32([3, 3, 4, 2]), float32([4])]])
      expect(() => singleNodeModel(depthwiseConv2d, plainDepthwise, [input, ...operands])).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
      );
  });

  it('refuses strides of 0', () => {
    expect(() =>
      singleNodeModel(conv2d, { ...plain, strides: [0, 1] }, [input, float32([1, 1, 4, 1])]),
    ).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('counts multiply-adds, padding included, biases and clamps', () => {
    const cost = (attributes: Partial<ConvAttributes>, ...operands: Tensor[]) =>
      nodeCosts(singleNodeModel(conv2d, { ...plain, ...attributes }, [input, ...operands]))[0];
    expect(cost({ padding: 'same' }, float32([3, 3, 4, 8]))).toMatchObject({
      macs: 7 * 5 * 8 * 36,
      flops: 2 * 7 * 5 * 8 * 36,
      activationFlops: 0,
    });
    expect(cost({ groups: 4, activation: 'relu6' }, float32([3, 3, 1, 8]), float32([8]))).toMatchObject({
      macs: 5 * 3 * 8 * 9,
      flops: 5 * 3 * 8 * (2 * 9 + 1),
      activationFlops: 2 * 5 * 3 * 8,
    });
    const model = singleNodeModel(depthwiseConv2d, { ...plainDepthwise, activation: 'relu' }, [
      input,
      float32([3, 3, 4, 2]),
      float32([8]),
    ]);
    expect(nodeCosts(model)[0]).toMatchObject({
      macs: 5 * 3 * 8 * 9,
      flops: 5 * 3 * 8 * 19,
      activationFlops: 5 * 3 * 8,
    });
  });

  it('ties channels', () => {
    const channels = (attributes: Partial<ConvAttributes>, weight: Tensor) => {
      const model = singleNodeModel(conv2d, { ...plain, ...attributes }, [input, weight, float32([8])]);
      return conv2d.channels(viewNode(model, model.nodes[0]) as never);
    };
    expect(channels({}, float32([3, 3, 4, 8]))).toEqual({
      ties: [
        [
          { value: 'x0', axis: 3, count: 4 },
          { value: 'x1', axis: 2, count: 4 },
        ],
        [
          { value: 'x1', axis: 3, count: 8 },
          { value: 'y', axis: 3, count: 8 },
          { value: 'x2', axis: 0, count: 8 },
        ],
      ],
    });
    expect(channels({ groups: 2 }, float32([3, 3, 2, 8]))).toEqual({
      ties: [
        [
          { value: 'x0', axis: 3, start: 0, count: 2 },
          { value: 'x0', axis: 3, start: 2, count: 2 },
          { value: 'x1', axis: 2, count: 2 },
        ],
        [
          { value: 'x1', axis: 3, count: 8 },
          { value: 'y', axis: 3, count: 8 },
          { value: 'x2', axis: 0, count: 8 },
        ],
      ],
      balance: [{ span: { value: 'y', axis: 3, count: 8 }, blocks: 2 }],
    });
    const model = singleNodeModel(depthwiseConv2d, plainDepthwise, [input, float32([3, 3, 4, 2])]);
    expect(depthwiseConv2d.channels(viewNode(model, model.nodes[0]) as never)).toEqual({
      ties: [
        [
          { value: 'x0', axis: 3, count: 4 },
          { value: 'x1', axis: 2, count: 4 },
          { value: 'y', axis: 3, count: 4, each: 2 },
        ],
      ],
    });
  });
});
