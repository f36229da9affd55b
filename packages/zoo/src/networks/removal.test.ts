import { describe, expect, it } from 'vitest';
import {
  channelGroups,
  concrete,
  createRandom,
  float32,
  interpret,
  maskChannels,
  modelCost,
  patch,
  removeChannels,
  sizeOf,
  typeOf,
} from '@whittle/core';
import type { Model, RandomStream, Removal } from '@whittle/core';
import { entries } from './zoo.fixture.js';

/** Norms as training leaves them, offsets and means other than 0: then removed channels hold constants. */
function trained(model: Model, draw: RandomStream): Model {
  return patch(model, (edit) => {
    for (const { id, role, tensor } of model.parameters.values()) {
      if (role === 'weight') continue;
      const low = role === 'variance' || role === 'scale' ? 0.3 : -0.5;
      const data = Float32Array.from({ length: tensor.data.length }, () => low + draw.float());
      edit.setParameter(id, { tensor: float32(tensor.shape, data) });
    }
  });
}

function half(model: Model, draw: RandomStream): Removal[] {
  return channelGroups(model).groups.map((group) => {
    const channels = Array.from({ length: group.blocks }, (_, block) => {
      const own = group.channels.flatMap((channel, i) => (channel.block === block ? [i] : []));
      return [...draw.permutation(own.length)].slice(0, Math.floor(own.length / 2)).map((i) => own[i]);
    });
    return { group, channels: channels.flat() };
  });
}

describe('networks of the zoo without half of their channels', () => {
  it.each(entries.flatMap(({ call, small }) => (small ? [[call, small] as const] : [])))(
    '%s computes what it does with them masked',
    (call, small) => {
      const draw = createRandom(1).at(call);
      const model = trained(small({ random: createRandom(2) }), draw);
      const removals = half(model, draw);
      const { model: pruned, inexact } = removeChannels(model, removals);
      expect(inexact).toEqual([]);
      if (removals.some(({ channels }) => channels.length > 1))
        expect(modelCost(pruned).macs).toBeLessThan(modelCost(model).macs);
      const feeds = new Map(
        model.inputs.map(({ id }) => {
          const shape = concrete(typeOf(model, id).shape);
          return [
            id,
            float32(
              shape,
              Float32Array.from({ length: sizeOf(shape) }, () => draw.float()),
            ),
          ];
        }),
      );
      const [wanted, found] = [maskChannels(model, removals), pruned].map((each) => interpret(each, feeds));
      for (const { id } of model.outputs) {
        const [a, b] = [wanted, found].map((values) => Array.from(values.get(id)!.data, Number));
        const largest = Math.max(1, ...a.map(Math.abs));
        a.forEach((value, i) => expect(Math.abs(b[i] - value) / largest).toBeLessThan(1e-5));
      }
    },
  );
});
