import { describe, expect, it } from 'vitest';
import { createRandom, float32, formatShape, interpret, modelCost, sizeOf, verify } from '@whittle/core';
import type { Model } from '@whittle/core';
import { digitsNet, dsCnn, lenet5, mlp, resnet20, resnet8 } from './index.js';

interface Figures {
  readonly input: string;
  readonly classes: number;
  readonly trainable: number;
  readonly all: number;
  readonly macs: number;
}

const networks: readonly (readonly [string, () => Model, Figures])[] = [
  [
    'digitsNet',
    () => digitsNet(),
    { input: '[batch, 28, 28, 1]', classes: 10, trainable: 35_546, all: 35_802, macs: 1_820_736 },
  ],
  [
    'lenet5',
    () => lenet5(),
    { input: '[batch, 28, 28, 1]', classes: 10, trainable: 61_706, all: 61_706, macs: 416_520 },
  ],
  [
    'mlp',
    () => mlp([784, 500, 300, 10]),
    { input: '[batch, 784]', classes: 10, trainable: 545_810, all: 545_810, macs: 545_000 },
  ],
  [
    'mlp with batch norm',
    () => mlp([784, 500, 300, 10], { batchNorm: true }),
    { input: '[batch, 784]', classes: 10, trainable: 546_610, all: 548_210, macs: 545_000 },
  ],
  [
    'resnet8',
    () => resnet8(),
    { input: '[batch, 32, 32, 3]', classes: 10, trainable: 77_946, all: 78_426, macs: 12_501_632 },
  ],
  [
    'resnet20',
    () => resnet20(),
    { input: '[batch, 32, 32, 3]', classes: 10, trainable: 269_722, all: 271_098, macs: 40_551_040 },
  ],
  [
    'resnet20 with projections',
    () => resnet20({ shortcut: 'projection' }),
    { input: '[batch, 32, 32, 3]', classes: 10, trainable: 272_378, all: 273_754, macs: 40_813_184 },
  ],
  [
    'dsCnn',
    () => dsCnn(),
    { input: '[batch, 49, 10, 1]', classes: 12, trainable: 23_180, all: 24_332, macs: 2_656_768 },
  ],
];

describe.each(networks)('%s', (_, build, figures) => {
  const model = build();

  it('has the parameters and multiply-adds that its docstring gives', () => {
    verify(model);
    const { trainableParameters, parameters, macs } = modelCost(model);
    expect({ trainable: trainableParameters, all: parameters, macs }).toEqual({
      trainable: figures.trainable,
      all: figures.all,
      macs: figures.macs,
    });
    expect(formatShape(model.values.get('input')!.shape)).toBe(figures.input);
    expect(formatShape(model.values.get('probabilities')!.shape)).toBe(`[batch, ${figures.classes}]`);
  });

  it('gives probabilities that depend on the input, at any batch size', () => {
    const shape = model.values.get('input')!.shape.slice(1) as number[];
    const draws = createRandom(7).at('input');
    const input = float32(
      [2, ...shape],
      Float32Array.from({ length: 2 * sizeOf(shape) }, () => draws.float()),
    );
    const output = interpret(model, new Map([['input', input]])).get('probabilities')!;
    const rows = [0, 1].map((row) =>
      Array.from(output.data.subarray(row * figures.classes, (row + 1) * figures.classes) as Float32Array),
    );
    for (const row of rows) {
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(row.every((p) => p > 0)).toBe(true);
    }
    expect(rows[0]).not.toEqual(rows[1]);
  });
});

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

  it('scales with width', () => {
    const half = modelCost(resnet8({ width: 8 }));
    expect(half.macs).toBeLessThan(modelCost(resnet8()).macs / 3);
    expect(digitsNet({ width: 4 }).parameters.get('conv4/weight')?.tensor.shape).toEqual([3, 3, 12, 8]);
  });

  it.each([
    ['classes', () => lenet5({ classes: 1 })],
    ['labels', () => lenet5({ classes: 3, labels: ['a', 'b'] })],
    ['width', () => resnet20({ width: 0.5 })],
    ['gamma', () => digitsNet({ gamma: Number.NaN })],
    ['epsilon', () => digitsNet({ epsilon: 0 })],
    ['units', () => mlp([784])],
    ['units[1]', () => mlp([784, -3, 10])],
  ])('refuses a wrong %s', (option, build) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(option) }),
    );
  });
});
