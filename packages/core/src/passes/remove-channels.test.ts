import { describe, expect, test } from 'vitest';
import { channelGroups } from '../analysis/channel-groups.js';
import { modelCost } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { concrete, typeOf } from '../model.js';
import type { Model } from '../model.js';
import { patch } from '../patch.js';
import { createRandom } from '../random.js';
import type { RandomStream } from '../random.js';
import { float32, sizeOf } from '../tensor.js';
import { verify } from '../verify.js';
import { nets as layerNets } from './prunable-nets.fixture.js';
import { normalizedNets } from './prunable-normalized-nets.fixture.js';
import { maskChannels } from './mask-channels.js';
import { paddedNets } from './prunable-padded-nets.fixture.js';
import { randomPrunable } from './random-prunable.fixture.js';
import { removeChannels } from './remove-channels.js';
import type { Removal } from './removals.js';

const nets = { ...layerNets, ...normalizedNets, ...paddedNets };

/** Part of each group, as many channels in each block. */
function drawRemovals(model: Model, name: string, choice: number): Removal[] {
  const draw = createRandom(choice).at(name);
  return channelGroups(model).groups.map((group) => {
    const perBlock = Math.floor(draw.float() * (group.channels.length / group.blocks));
    const channels = Array.from({ length: group.blocks }, (_, block) => {
      const inBlock = group.channels.flatMap((c, i) => (c.block === block ? [i] : []));
      return [...draw.permutation(inBlock.length)].slice(0, perBlock).map((i) => inBlock[i]);
    }).flat();
    return { group, channels };
  });
}

/** Outputs of two models with the same inputs, each at most so far apart, relative to the largest value or 1. */
function expectSame(model: Model, other: Model, draw: RandomStream): void {
  const feeds = new Map(
    model.inputs.map(({ id }) => {
      const shape = [2, ...concrete(typeOf(model, id).shape).slice(1)];
      return [
        id,
        float32(
          shape,
          Array.from({ length: sizeOf(shape) }, () => 2 * draw.float() - 1),
        ),
      ];
    }),
  );
  const [expected, found] = [interpret(model, feeds), interpret(other, feeds)];
  for (const { id } of model.outputs) {
    const [wanted, got] = [expected, found].map((values) => Array.from(values.get(id)!.data, Number));
    const largest = Math.max(1, ...wanted.map(Math.abs));
    wanted.forEach((value, i) => expect(Math.abs(got[i] - value) / largest).toBeLessThan(1e-5));
  }
}

const count = (list: readonly Removal[]) => list.reduce((sum, { channels }) => sum + channels.length, 0);

describe.each(Object.keys(nets))('%s', (name) => {
  test.each([1, 2, 3, 4, 5, 6])('removing channels equals masking them (choice %i)', (choice) => {
    const model = nets[name]();
    verify(model);
    const removals = drawRemovals(model, name, choice);
    expect(removals.length).toBeGreaterThan(0);
    const { model: pruned, carriers, inexact } = removeChannels(model, removals);
    expect(inexact).toEqual([]);
    expectSame(maskChannels(model, removals), pruned, createRandom(choice).at('inputs'));
    if (count(removals) > count(carriers)) expect(modelCost(pruned).macs).toBeLessThan(modelCost(model).macs);
    else
      expect(channelGroups(pruned).groups.map((g) => g.channels.length)).toEqual(
        removals.map((r) => r.group.channels.length),
      );
  });
});

test('removing channels of random networks equals masking them, or says why it cannot', () => {
  const reasons = new Set<string>();
  let exact = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const model = randomPrunable(seed);
    const removals = drawRemovals(model, 'random', seed);
    const { model: pruned, inexact } = removeChannels(model, removals);
    verify(pruned);
    for (const { reason } of inexact) reasons.add(reason);
    if (inexact.length > 0) continue;
    expectSame(maskChannels(model, removals), pruned, createRandom(seed).at('inputs'));
    exact++;
  }
  expect(exact).toBeGreaterThan(60);
  for (const reason of reasons) expect(reason).toMatch(/zeros|different ones|surrounds them/);
});

test('biases alone are wrong at padded borders only, and constants that are dropped everywhere', () => {
  const model = patch(paddedNets['padded convolutions'](), (edit) => {
    for (const id of ['c1', 'c2', 'c3'].map((name) => `${name}/beta`)) {
      const { shape } = edit.typeOf(id);
      edit.setParameter(id, {
        tensor: float32(concrete(shape), new Float32Array(sizeOf(concrete(shape))).fill(0.5)),
      });
    }
  });
  const removals = channelGroups(model).groups.map((group) => ({ group, channels: [0, 1] }));
  const groupsAfter = (absorb: 'exact' | 'bias' | 'none') => {
    const { model: pruned, carriers } = removeChannels(model, removals, { absorb });
    return [carriers.length > 0, modelCost(pruned).parameters] as const;
  };
  const [exact, bias, none] = (['exact', 'bias', 'none'] as const).map(groupsAfter);
  expect([exact[0], bias[0], none[0]]).toEqual([true, false, false]);
  expect(bias[1]).toBeLessThan(exact[1]);
  expect(none[1]).toBe(bias[1]);
});

test('groups are named, and what is pinned says why', () => {
  const { groups, pinned } = channelGroups(nets['residual add']());
  expect(groups.map((g) => [g.name, g.channels.length])).toEqual([
    ['c1', 6],
    ['c2', 4],
    ['c4', 4],
  ]);
  expect(pinned).toContainEqual({ name: 'fc', count: 3, reason: 'they leave the model' });
});

test('a group keeps at least one channel, and balanced blocks stay balanced', () => {
  const model = nets['grouped convolution']();
  const group = channelGroups(model).groups.find((g) => g.blocks === 2);
  if (!group) throw new Error('no balanced group');
  expect(() => removeChannels(model, [{ group, channels: group.channels.map((_, i) => i) }])).toThrowError(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
  const oneSide = group.channels.map((c, i) => (c.block === 0 ? i : -1)).filter((i) => i >= 0);
  expect(() => removeChannels(model, [{ group, channels: oneSide.slice(0, 1) }])).toThrowError(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});
