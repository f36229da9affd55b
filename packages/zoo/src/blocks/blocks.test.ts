import { describe, expect, it } from 'vitest';
import { float32, interpret } from '@whittle/core';
import type { Id, Model, Tensor } from '@whittle/core';
import { channelShuffle, reflectionPad, transposeConvLayer } from '../layers/index.js';
import { createNetwork, inputLayer } from '../network.js';
import type { Network } from '../network.js';
import {
  bottleneckBlock,
  convBnActivation,
  denseBlock,
  denseTransition,
  depthwiseSeparable,
  groupedShuffleUnit,
  invertedResidual,
  preActivationBlock,
  residualBlock,
  splitShuffleUnit,
  squeezeExcite,
} from './index.js';

function build(shape: readonly number[], body: (network: Network, input: Id) => Id): Model {
  const network = createNetwork('block');
  network.builder.output(body(network, inputLayer(network, 'input', shape)));
  return network.builder.finish();
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

  it('strides the 3 x 3 convolution of a bottleneck, and norms its shortcut', () => {
    const model = build([8, 8, 4], (network, input) =>
      bottleneckBlock(network, 'b', input, {
        filters: 16,
        stride: 2,
        shortcut: 'normalized-projection',
        centered: true,
      }),
    );
    const strided = model.nodes.filter((node) => JSON.stringify(node.attributes).includes('"strides":[2,2]'));
    expect(strided.map((node) => node.outputs[0])).toEqual(['b/conv2', 'b/shortcut']);
    expect(strided[0].attributes).toMatchObject({ padding: { top: 1, bottom: 1, left: 1, right: 1 } });
    expect(model.nodes.find((node) => node.outputs[0] === 'b/add')?.inputs).toEqual([
      'b/shortcut/bn',
      'b/conv3/bn',
    ]);
    expect(model.parameters.get('b/conv2/weight')?.tensor.shape).toEqual([3, 3, 4, 4]);
  });

  it('norms and activates in front of convolutions, and adds the trunk itself', () => {
    const model = build([4, 4, 2], (network, input) =>
      preActivationBlock(network, 'p', input, { filters: 2, stride: 1, shortcut: 'linear-projection' }),
    );
    expect(ops(model)).toEqual([
      'p/conv1/bn: batch_norm',
      'p/conv1/relu: relu',
      'p/conv1: conv2d',
      'p/conv2/bn: batch_norm',
      'p/conv2/relu: relu',
      'p/conv2: conv2d',
      'p/add: add',
    ]);
    expect(model.nodes.at(-1)?.inputs).toEqual(['input', 'p/conv2']);
  });

  it('multiplies channels by what their means give', () => {
    const model = build([2, 2, 2], (network, input) =>
      squeezeExcite(network, 's', input, { squeezed: 1, gate: 'hard_sigmoid' }),
    );
    const input = float32([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    const [factors, scaled] = ['s/excite/hard_sigmoid', 's'].map((id) => run(model, input, id).data);
    expect(run(model, input, 's/mean').data).toEqual(new Float32Array([4, 5]));
    expect(scaled).toEqual(input.data.map((x, i) => Math.fround(x * (factors[i % 2] as number))));
  });

  it('expands, and adds the input where shapes agree', () => {
    const options = { kernel: 5, activation: 'relu6', squeeze: { squeezed: 2 } } as const;
    const kept = build([4, 4, 3], (network, input) =>
      invertedResidual(network, 'i', input, { ...options, expanded: 6, filters: 3, stride: 1 }),
    );
    expect(kept.outputs[0].id).toBe('i/add');
    expect(kept.parameters.get('i/depthwise/weight')?.tensor.shape).toEqual([5, 5, 6, 1]);
    const strided = build([4, 4, 3], (network, input) =>
      invertedResidual(network, 'i', input, { ...options, expanded: 3, filters: 3, stride: 2 }),
    );
    expect(strided.outputs[0].id).toBe('i/project/bn');
    expect(strided.parameters.has('i/expand/weight')).toBe(false);
  });

  it('joins what each layer of a dense block adds, and compresses it', () => {
    const model = build([4, 4, 3], (network, input) =>
      denseTransition(
        network,
        't',
        denseBlock(network, 'd', input, { layers: 3, growth: 2, bottleneck: 5 }),
        0.5,
      ),
    );
    expect(model.values.get('d/layer3/concat')?.shape).toEqual(['batch', 4, 4, 9]);
    expect(model.parameters.get('d/layer3/conv1/weight')?.tensor.shape).toEqual([1, 1, 7, 5]);
    expect(model.values.get('t/pool')?.shape).toEqual(['batch', 2, 2, 4]);
  });

  it('takes channels from the groups in turn', () => {
    const model = build([1, 1, 6], (network, input) => channelShuffle(network, 's', input, 2));
    const input = float32([1, 1, 1, 6], [0, 1, 2, 3, 4, 5]);
    expect(Array.from(run(model, input, 's').data as Float32Array)).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('concatenates in units of stride 2, and adds or passes in the others', () => {
    const grouped = (stride: 1 | 2, filters: number) =>
      build([4, 4, 6], (network, input) =>
        groupedShuffleUnit(network, 'u', input, { filters, stride, groups: 3 }),
      );
    expect(grouped(2, 24).values.get('u/concat')?.shape).toEqual(['batch', 2, 2, 24]);
    expect(grouped(2, 24).parameters.get('u/reduce/weight')?.tensor.shape).toEqual([1, 1, 2, 6]);
    expect(() => grouped(1, 12)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    const passed = build([4, 4, 6], (network, input) =>
      splitShuffleUnit(network, 'u', input, { filters: 6, stride: 1 }),
    );
    expect(passed.nodes.find((node) => node.outputs[0] === 'u/concat')?.inputs).toEqual([
      'u/split/0',
      'u/conv2/relu',
    ]);
  });

  it('mirrors at borders, and raises the extents', () => {
    const padded = build([2, 3, 1], (network, input) => reflectionPad(network, 'p', input, 1));
    const input = float32([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]);
    expect(Array.from(run(padded, input, 'p').data as Float32Array).slice(0, 5)).toEqual([5, 4, 5, 6, 5]);
    const raised = build([3, 5, 2], (network, from) =>
      transposeConvLayer(network, 'r', from, { filters: 4, kernel: [3, 3], strides: [2, 2] }),
    );
    expect(raised.values.get('r')?.shape).toEqual(['batch', 6, 10, 4]);
  });
});
