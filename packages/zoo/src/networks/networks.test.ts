import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createRandom,
  float32,
  formatShape,
  interpret,
  modelCost,
  nodeCosts,
  sizeOf,
  verify,
} from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { zeros } from '../index.js';
import { cycleganGenerator } from './cyclegan-generator.js';
import { entries } from './zoo.fixture.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const rows = new Map(
  readme
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [call, ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [call, cells] as const;
    }),
);

/** A number to the digits of a published one: '4.09 G', '25,557,032'. */
function rounded(value: number, published: string): string {
  const [, digits, unit = ''] = /^([\d.,]+) ?([MG]?)$/.exec(published)!;
  const decimals = digits.split('.')[1]?.length ?? 0;
  const scaled = value / { '': 1, M: 1e6, G: 1e9 }[unit]!;
  const text = unit === '' ? scaled.toLocaleString('en-US') : scaled.toFixed(decimals);
  return unit === '' ? text : `${text} ${unit}`;
}

function feedsOf(model: Model): Map<string, Tensor> {
  const draws = createRandom(7).at('input');
  return new Map(
    model.inputs.map(({ id }) => {
      const shape = [2, ...(model.values.get(id)!.shape.slice(1) as number[])];
      return [
        id,
        float32(
          shape,
          Float32Array.from({ length: sizeOf(shape) }, () => draws.float()),
        ),
      ];
    }),
  );
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

describe.each(entries)('$call', ({ call, source, build, published = [] }) => {
  const model = build({ initializer: zeros });
  const { trainableParameters, parameters, macs } = modelCost(model);

  it('is a valid model with the figures that the README gives', () => {
    verify(model);
    const shapesOf = (ids: readonly { readonly id: string }[]) =>
      ids.map(({ id }) => formatShape(model.values.get(id)!.shape.slice(1))).join(', ');
    expect(rows.get(`\`${call}\``)).toEqual([
      shapesOf(model.inputs),
      shapesOf(model.outputs),
      trainableParameters.toLocaleString('en-US'),
      parameters.toLocaleString('en-US'),
      macs.toLocaleString('en-US'),
      source,
    ]);
  });

  it.each(published)('has the figures that $by gives', ({ by, ...figures }) => {
    const ours = {
      ...(figures.trainable && { trainable: rounded(trainableParameters, figures.trainable) }),
      ...(figures.all && { all: rounded(parameters, figures.all) }),
      ...(figures.macs && { macs: rounded(macs, figures.macs) }),
    };
    expect(ours, by).toEqual(figures);
  });
});

const evaluated = entries.flatMap(({ call, small }) => (small ? [{ call, small }] : []));

describe.each(evaluated)('a small $call', ({ small }) => {
  it('gives finite outputs that depend on the input', () => {
    const little = small({ random: createRandom(3) });
    verify(little);
    // Behind many small factors a softmax no longer tells: what goes into it does.
    const before = little.outputs.map(
      ({ id }) => little.nodes.find((node) => node.outputs.includes(id))!.inputs[0],
    );
    const ids = [...before, ...little.outputs.map(({ id }) => id)];
    for (const [id, { data }] of interpret(little, feedsOf(little), ids)) {
      expect(
        data.every((value) => Number.isFinite(value)),
        id,
      ).toBe(true);
      const half = data.length / 2;
      if (before.includes(id)) expect(data.slice(0, half), id).not.toEqual(data.slice(half));
    }
  });

  it('has weights that the seed fixes, and scales of gamma', () => {
    const [one, same, other] = [3, 3, 4].map((seed) => small({ random: createRandom(seed), gamma: 0.5 }));
    expect([...same.parameters.keys()]).toEqual([...one.parameters.keys()]);
    for (const [id, { role, tensor }] of one.parameters) {
      const differs = (model: Model) =>
        Buffer.compare(bytesOf(model.parameters.get(id)!.tensor), bytesOf(tensor)) !== 0;
      expect(differs(same), id).toBe(false);
      expect(differs(other), id).toBe(role === 'weight');
      if (role === 'scale') expect(tensor.data.every((value) => value === 0.5)).toBe(true);
    }
  });
});

describe('figures', () => {
  it('are in the README for these networks alone', () => {
    expect([...rows.keys()]).toEqual(entries.map(({ call }) => `\`${call}\``));
  });

  it("of CycleGAN's generator are the original's, but for scales and offsets, and taps that are dropped", () => {
    const model = cycleganGenerator({ initializer: zeros });
    const { trainableParameters, macs } = modelCost(model);
    const affine = [...model.parameters.values()]
      .filter(({ role }) => role === 'scale' || role === 'offset')
      .reduce((sum, { tensor }) => sum + tensor.data.length, 0);
    expect(affine).toBe(10_496);
    expect(trainableParameters - affine).toBe(11_378_179);
    // The literature's 56.8 G count every tap of the transposed convolutions at every output pixel.
    const transposed = nodeCosts(model)
      .filter(({ op }) => op === 'transpose_conv2d')
      .reduce((sum, cost) => sum + cost.macs, 0);
    expect(rounded(macs + 3 * transposed, '56.8 G')).toBe('56.8 G');
  });
});
