import { describe, expect, test } from 'vitest';
import { channelGroups } from '../analysis/channel-groups.js';
import { modelCost } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import type { Id, Model } from '../model.js';
import { batchNorm } from '../ops/index.js';
import { isOp } from '../op.js';
import { patch } from '../patch.js';
import { createRandom } from '../random.js';
import { float32 } from '../tensor.js';
import { verify } from '../verify.js';
import { nets as layerNets, noise } from './prunable-nets.fixture.js';
import { normalizedNets } from './prunable-normalized-nets.fixture.js';
import { removeChannels } from './remove-channels.js';

const nets = { ...layerNets, ...normalizedNets };

/** The model with the scales of the removed channels at zero. */
function masked(model: Model, gone: Map<Id, Set<number>>): Model {
  return patch(model, (edit) => {
    for (const node of model.nodes) {
      if (!isOp(node, batchNorm)) continue;
      const scale = model.parameters.get(node.inputs[1])?.tensor.data as Float32Array;
      edit.setParameter(node.inputs[1], {
        tensor: float32(
          [scale.length],
          scale.map((g, i) => (gone.get(node.inputs[1])?.has(i) ? 0 : g)),
        ),
      });
    }
  });
}

describe.each(Object.keys(nets))('%s', (name) => {
  test.each([1, 2, 3, 4])('removing channels equals masking their scales (choice %i)', (choice) => {
    const model = nets[name]();
    verify(model);
    const draw = createRandom(choice).at(name);
    const { groups } = channelGroups(model);
    expect(groups.length).toBeGreaterThan(0);
    const removals = groups.map((group) => {
      const perBlock = Math.floor(draw.float() * (group.channels.length / group.blocks));
      const channels = Array.from({ length: group.blocks }, (_, block) => {
        const inBlock = group.channels.map((c, i) => (c.block === block ? i : -1)).filter((i) => i >= 0);
        return [...draw.permutation(inBlock.length)].slice(0, perBlock).map((i) => inBlock[i]);
      }).flat();
      return { group, channels };
    });
    const gone = new Map<Id, Set<number>>();
    for (const { group, channels } of removals)
      group.slots.forEach(({ value }, slot) => {
        const set = gone.get(value) ?? new Set();
        channels.forEach((c) => group.channels[c].indices[slot].forEach((i) => set.add(i)));
        gone.set(value, set);
      });
    const pruned = removeChannels(model, removals);
    const feeds = new Map([['x', noise([2, ...(model.values.get('x')?.shape.slice(1) as number[])])]]);
    const expected = interpret(masked(model, gone), feeds).get('fc');
    const found = interpret(pruned, feeds).get('fc');
    expected?.data.forEach((value, i) =>
      expect(Math.abs(Number(found?.data[i]) - Number(value))).toBeLessThan(1e-4),
    );
    if (removals.some((r) => r.channels.length > 0))
      expect(modelCost(pruned).parameters).toBeLessThan(modelCost(model).parameters);
    else expect(pruned).toBe(model);
  });
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
