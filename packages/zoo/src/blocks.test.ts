import { describe, expect, it } from 'vitest';
import { createRandom, float32, interpret, ModelBuilder } from '@whittle/core';
import type { Id, Model, Tensor } from '@whittle/core';
import { convBnActivation, depthwiseSeparable, residualBlock } from './blocks.js';
import type { Network } from './network.js';

function build(shape: readonly number[], body: (network: Network, input: Id) => Id): Model {
  const builder = new ModelBuilder('block');
  const input = builder.input('input', ['batch', ...shape]);
  builder.output(body({ builder, random: createRandom(0), gamma: 1, epsilon: 1e-3 }, input));
  return builder.finish();
}

function run(model: Model, input: Tensor, id: Id): Tensor {
  return interpret(model, new Map([['input', input]]), [id]).get(id)!;
}

const ops = (model: Model) => model.nodes.map((node) => `${node.outputs[0]}: ${node.op.name}`);

describe('blocks', () => {
  it('norms and activates behind a convolution without bias', () => {
    const model = build([4, 4, 2], (network, input) =>
      convBnActivation(network, 'c', input, { filters: 3, kernel: [3, 3], activation: 'relu6' }),
    );
    expect(ops(model)).toEqual(['c: conv2d', 'c/bn: batch_norm', 'c/relu6: relu6']);
    expect([...model.parameters.keys()]).toEqual([
      'c/weight',
      'c/bn/scale',
      'c/bn/offset',
      'c/bn/mean',
      'c/bn/variance',
    ]);
  });

  it('separates a convolution into depthwise and pointwise', () => {
    const model = build([6, 6, 4], (network, input) =>
      depthwiseSeparable(network, 'd', input, { filters: 8, strides: [2, 2] }),
    );
    expect(model.values.get('d/pointwise/relu')?.shape).toEqual(['batch', 3, 3, 8]);
    expect(model.parameters.get('d/depthwise/weight')?.tensor.shape).toEqual([3, 3, 4, 1]);
  });

  it('keeps the input as shortcut where shapes agree', () => {
    const model = build([4, 4, 2], (network, input) =>
      residualBlock(network, 'r', input, { filters: 2, shortcut: 'projection' }),
    );
    expect(model.nodes.find((node) => node.outputs[0] === 'r/add')?.inputs[0]).toBe('input');
  });

  it('pads the shortcut: every second pixel, then zero channels', () => {
    const model = build([2, 4, 1], (network, input) =>
      residualBlock(network, 'r', input, { filters: 3, stride: 2, shortcut: 'padding' }),
    );
    const input = float32([1, 2, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8]);
    const shortcut = run(model, input, 'r/shortcut');
    expect(shortcut.shape).toEqual([1, 1, 2, 3]);
    expect(Array.from(shortcut.data as Float32Array)).toEqual([1, 0, 0, 3, 0, 0]);
  });

  it('refuses to pad to fewer channels', () => {
    expect(() =>
      build([4, 4, 4], (network, input) =>
        residualBlock(network, 'r', input, { filters: 2, shortcut: 'padding' }),
      ),
    ).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
