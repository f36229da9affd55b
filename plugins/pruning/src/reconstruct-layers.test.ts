import { channelGroups, float32, interpret, interpreter, patch, removeChannels } from '@whittle/core';
import type { ChannelGroup, Model, Removal } from '@whittle/core';
import { Matrix, solve } from 'ml-matrix';
import { expect, test } from 'vitest';
import { reconstructLayers } from './index.js';
import { groupedNet, noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const evidence = { data: noiseImages(8), evaluator: interpreter };

function groupOf(model: Model, name: string): ChannelGroup {
  return channelGroups(model).groups.find((group) => group.name === name)!;
}

function without(model: Model, ...removals: readonly (readonly [string, readonly number[]])[]) {
  const wanted: Removal[] = removals.map(([name, channels]) => ({ group: groupOf(model, name), channels }));
  return { removed: wanted, pruned: removeChannels(model, wanted, { absorb: 'bias' }).model };
}

/** Mean squared difference of a layer's outputs on images that were not fitted to. */
function errorOn(reference: Model, model: Model, layer: string, kept?: readonly number[]): number {
  let sum = 0;
  for (const { inputs } of noiseImages(4, 'others').batches({} as never) as Iterable<{
    inputs: readonly never[];
  }>) {
    const [a, b] = [reference, model].map((each) =>
      interpret(each, new Map([['x', inputs[0]]]), [layer]).get(layer)!,
    );
    const width = a.shape.at(-1)!;
    const wanted = kept ? a.data.filter((_: unknown, i: number) => kept.includes(i % width)) : a.data;
    wanted.forEach((x: number | bigint, i: number) => (sum += (Number(x) - Number(b.data[i])) ** 2));
  }
  return sum;
}

test('it lowers the error of the next layer against plain removal, on other images too', async () => {
  for (const [net, name, layer] of [
    [plainNet, 'c1', 'c2'],
    [plainNet, 'c2', 'fc'],
    [groupedNet, 'c1', 'c2'],
    [residualNet, 'c2', 'c3'],
  ] as const) {
    const model = net();
    const { removed, pruned } = without(model, [name, [0, 2]]);
    for (const fit of ['weights', 'scales'] as const) {
      const { model: fitted, layers } = await reconstructLayers(model, pruned, removed, evidence, { fit });
      expect(layers.map((each) => each.name)).toEqual([layer]);
      expect(layers[0].errorAfter).toBeLessThan(layers[0].errorBefore);
      expect(errorOn(model, fitted, layer)).toBeLessThan(errorOn(model, pruned, layer));
    }
  }
});

test('weights are the least-squares solution', async () => {
  const model = plainNet();
  const { removed, pruned } = without(model, ['c2', [1, 3]]);
  const { model: fitted } = await reconstructLayers(model, pruned, removed, evidence, { ridge: 1e-9 });
  const rows: number[][] = [];
  const outputs: number[][] = [];
  for (const { inputs } of evidence.data.batches({} as never) as Iterable<{ inputs: readonly never[] }>) {
    const feeds = new Map([['x', inputs[0]]]);
    const read = interpret(pruned, feeds, ['flat']).get('flat')!;
    const wanted = interpret(model, feeds, ['fc']).get('fc')!;
    for (let i = 0; i < 16; i++) {
      rows.push([...Array.from(read.data.slice(27 * i, 27 * i + 27) as Float32Array), 1]);
      outputs.push(Array.from(wanted.data.slice(3 * i, 3 * i + 3) as Float32Array));
    }
  }
  const closed = solve(new Matrix(rows), new Matrix(outputs), true);
  const weight = fitted.parameters.get('fc/weight')!.tensor.data;
  weight.forEach((x, i) => expect(Number(x)).toBeCloseTo(closed.get(Math.floor(i / 3), i % 3), 3));
  fitted.parameters
    .get('fc/bias')!
    .tensor.data.forEach((x, o) => expect(Number(x)).toBeCloseTo(closed.get(27, o), 3));
});

test('one factor a channel is the least-squares solution too', async () => {
  // Channels 0 and 1 compute the same: without the one, the other counts twice.
  const drawn = plainNet();
  const twins = (id: string) => {
    const { shape, data } = drawn.parameters.get(id)!.tensor;
    return float32(
      shape,
      Float32Array.from(data as Float32Array, (x, i) => Number(i % 6 === 1 ? data[i - 1] : x)),
    );
  };
  const model = patch(drawn, (edit) => {
    for (const id of ['c1/weight', 'c1/bias']) edit.setParameter(id, { tensor: twins(id) });
    const { shape, data } = drawn.parameters.get('c2/weight')!.tensor;
    const same = Float32Array.from(data as Float32Array, (x, i) =>
      Number(Math.floor(i / 5) % 6 === 1 ? data[i - 5] : x),
    );
    edit.setParameter('c2/weight', { tensor: float32(shape, same) });
  });
  const { removed, pruned } = without(model, ['c1', [1]]);
  const options = { fit: 'scales', ridge: 1e-9 } as const;
  const { model: fitted, layers } = await reconstructLayers(model, pruned, removed, evidence, options);
  expect(layers[0].errorAfter).toBeLessThan(1e-6);
  const [before, after] = [pruned, fitted].map((each) => each.parameters.get('c2/weight')!.tensor.data);
  before.forEach((x, i) =>
    expect(Number(after[i])).toBeCloseTo(Number(x) * (Math.floor(i / 5) % 5 === 0 ? 2 : 1), 3),
  );
});

test('layers are fitted one after another, those that lost outputs too; masked weights stay zero', async () => {
  const model = plainNet();
  const { removed, pruned } = without(model, ['c1', [0, 5]], ['c2', [4]]);
  const weight = pruned.parameters.get('c2/weight')!;
  const mask = new Uint8Array(weight.tensor.data.length).map((_, i) => (i % 3 === 0 ? 0 : 1));
  const held = patch(pruned, (edit) => {
    const data = Float32Array.from(weight.tensor.data as Float32Array, (x, i) => x * mask[i]);
    edit.setParameter('c2/weight', {
      tensor: float32(weight.tensor.shape, data),
      mask: { dtype: 'uint8', shape: weight.tensor.shape, data: mask },
    });
  });
  const { model: fitted, layers } = await reconstructLayers(model, pruned, removed, evidence);
  expect(layers.map(({ name }) => name)).toEqual(['c2', 'fc']);
  expect(errorOn(model, fitted, 'c2', [0, 1, 2, 3])).toBeLessThan(errorOn(model, pruned, 'c2', [0, 1, 2, 3]));
  expect(errorOn(model, fitted, 'fc')).toBeLessThan(errorOn(model, pruned, 'fc'));
  const masked = await reconstructLayers(model, held, removed, evidence);
  masked.model.parameters
    .get('c2/weight')!
    .tensor.data.forEach((x, i) => expect(mask[i] === 0 ? Object.is(x, 0) : true).toBe(true));
});

test('the same evidence gives the same bits, and nothing removed the very same model', async () => {
  const model = plainNet();
  const { removed, pruned } = without(model, ['c1', [1, 2]]);
  const run = async () =>
    (await reconstructLayers(model, pruned, removed, evidence)).model.parameters.get('c2/weight');
  expect(await run()).toEqual(await run());
  expect((await reconstructLayers(model, model, [], evidence)).model).toBe(model);
  const none = { ...evidence, data: { examples: 0, count: 0, batches: () => [] } };
  await expect(reconstructLayers(model, pruned, removed, none)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
  });
});
