import { describe, expect, it } from 'vitest';
import { createRandom, modelCost } from '@whittle/core';
import {
  cycleganGenerator,
  densenet40,
  digitsNet,
  dsCnn,
  lenet5,
  mlp,
  mobilenetV2,
  resnet20,
  resnet8,
  shufflenetV1,
  shufflenetV2,
  stereoNet,
  unet,
  zeros,
} from '../index.js';

describe('options of networks', () => {
  it('carries preprocessing and labels', () => {
    const preprocess = { layout: 'NHWC', range: [0, 255], mean: [0], scale: [255] } as const;
    const model = digitsNet({ preprocess, labels: ['even', 'odd'] });
    expect(model.inputs).toEqual([{ id: 'input', preprocess }]);
    expect(model.outputs).toEqual([{ id: 'probabilities', labels: ['even', 'odd'] }]);
    expect(model.values.get('probabilities')?.shape).toEqual(['batch', 2]);
  });

  it('starts batch norms from gamma and epsilon', () => {
    const model = dsCnn({ gamma: 0.5, epsilon: 1e-5 });
    const scales = [...model.parameters.values()].filter((p) => p.role === 'scale');
    expect(scales).toHaveLength(9);
    expect(scales.every((p) => (p.tensor.data as Float32Array).every((value) => value === 0.5))).toBe(true);
    const norms = model.nodes.filter((node) => node.op.name === 'batch_norm');
    expect(norms.map((node) => node.attributes)).toEqual(norms.map(() => ({ epsilon: 1e-5 })));
  });

  it('draws the same weights from the same seed, others from another', () => {
    const weightsOf = (seed: number) => digitsNet({ random: createRandom(seed) }).parameters;
    expect(weightsOf(3)).toEqual(weightsOf(3));
    expect(weightsOf(3).get('conv2/weight')).not.toEqual(weightsOf(4).get('conv2/weight'));
  });

  it('draws every weight by the initializer that is told', () => {
    const weights = [...dsCnn({ initializer: zeros }).parameters.values()].filter((p) => p.role === 'weight');
    expect(weights).toHaveLength(10);
    expect(weights.every((p) => (p.tensor.data as Float32Array).every((value) => value === 0))).toBe(true);
  });

  it('scales with width', () => {
    const half = modelCost(resnet8({ width: 8 }));
    expect(half.macs).toBeLessThan(modelCost(resnet8()).macs / 3);
    expect(digitsNet({ width: 4 }).parameters.get('conv4/weight')?.tensor.shape).toEqual([3, 3, 12, 8]);
  });

  it('takes inputs of other extents', () => {
    const model = mobilenetV2({ alpha: 0.35, input: [96, 96, 1], classes: 2, initializer: zeros });
    expect(model.values.get('input')?.shape).toEqual(['batch', 96, 96, 1]);
    expect(model.values.get('last/relu6')?.shape).toEqual(['batch', 3, 3, 1280]);
  });

  it('shares the parameters of an encoder that is used twice', () => {
    const model = stereoNet();
    const weightsOf = (id: string) => model.nodes.find((node) => node.outputs[0] === id)!.inputs.slice(1);
    expect(weightsOf('left/conv2')).toEqual(['encoder/conv2/weight']);
    expect(weightsOf('right/conv2')).toEqual(weightsOf('left/conv2'));
    expect(weightsOf('right/conv2/bn')).toEqual(weightsOf('left/conv2/bn'));
    expect(model.outputs.map(({ id }) => id)).toEqual(['probabilities', 'distance']);
  });

  it.each([
    ['classes', () => lenet5({ classes: 1 })],
    ['classes', () => unet({ classes: 1 })],
    ['labels', () => lenet5({ classes: 3, labels: ['a', 'b'] })],
    ['labels', () => stereoNet({ labels: ['a'], classes: 2 })],
    ['width', () => resnet20({ width: 0.5 })],
    ['width', () => cycleganGenerator({ width: 0 })],
    ['width', () => shufflenetV2({ width: 7 })],
    ['growth', () => densenet40({ growth: 0 })],
    ['alpha', () => mobilenetV2({ alpha: 0 })],
    ['scale', () => shufflenetV1({ scale: 0.1 })],
    ['gamma', () => digitsNet({ gamma: Number.NaN })],
    ['gamma', () => cycleganGenerator({ gamma: Number.NaN })],
    ['epsilon', () => digitsNet({ epsilon: 0 })],
    ['input', () => resnet20({ input: [32, 32] })],
    ['input[0]', () => resnet20({ input: [0, 32, 3] })],
    ['input', () => unet({ input: [100, 64, 3] })],
    ['units', () => mlp([784])],
    ['units[1]', () => mlp([784, -3, 10])],
  ])('refuses a wrong %s', (option, build) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(option) }),
    );
  });
});
