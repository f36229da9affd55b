import { pruneRanked, pruningOptions } from '@whittle/channel-pruning';
import type { RankedGroup } from '@whittle/channel-pruning';
import {
  channelGroups,
  concrete,
  createRandom,
  float32,
  interpreter,
  modelCost,
  sizeOf,
  tensor,
  typeOf,
  verify,
} from '@whittle/core';
import type { BatchSource, ChannelGroup, Model } from '@whittle/core';
import {
  cycleganGenerator,
  densenet40,
  dsCnn,
  mobilenetV3Small,
  resnet8,
  shufflenetV1,
  shufflenetV2,
  stereoNet,
  unet,
} from '@whittle/zoo';
import { expect, test } from 'vitest';
import type { Evidence } from './index.js';
import {
  rankAtRandom,
  rankByGeometricMedian,
  rankByLasso,
  rankByMagnitude,
  rankByNextLayer,
  rankByZeroActivations,
  reconstructLayers,
} from './index.js';

const random = createRandom(6);
const tiny = { input: [8, 8, 3], classes: 3, random } as const;
const image = { input: [32, 32, 3], classes: 3, random } as const;

const networks: Record<string, () => Model> = {
  'depthwise convolutions': () => dsCnn({ width: 4, random }),
  'residual additions': () => resnet8({ ...tiny, width: 4 }),
  concatenations: () => densenet40({ ...tiny, growth: 1, width: 2 }),
  'squeeze and excitation': () => mobilenetV3Small({ ...image, alpha: 0.1 }),
  'grouped convolutions and shuffles': () => shufflenetV1({ ...image, scale: 0.25 }),
  'splits and shuffles': () => shufflenetV2({ ...image, scale: 0.5, width: 4 }),
  'shared weights, two inputs': () => stereoNet({ input: [16, 16, 1], width: 2, random }),
  'skips and transposed convolutions': () => unet({ ...tiny, width: 2, depth: 2 }),
  'instance norms': () => cycleganGenerator({ input: [16, 16, 3], width: 2, blocks: 2, random }),
};

/** Noise for each input, 3 examples twice. */
function noise(model: Model): BatchSource {
  return {
    examples: 6,
    count: 2,
    *batches() {
      for (let step = 0; step < 2; step++) {
        const inputs = model.inputs.map(({ id }) => {
          const shape = concrete(typeOf(model, id).shape, 3);
          const draws = random.at(`noise ${id}`, 0, step);
          return float32(
            shape,
            Float32Array.from({ length: sizeOf(shape) }, () => draws.normal()),
          );
        });
        yield { inputs, labels: tensor('int32', [3]) };
      }
    },
  };
}

type Rank = (
  model: Model,
  groups: readonly ChannelGroup[],
  evidence: Evidence,
) => readonly RankedGroup[] | Promise<readonly RankedGroup[]>;

const criteria: Record<string, Rank> = {
  magnitude: (model, groups) => rankByMagnitude(model, groups),
  'geometric median': rankByGeometricMedian,
  'zero activations': rankByZeroActivations,
  LASSO: rankByLasso,
  'next layer': rankByNextLayer,
  random: (_, groups) => rankAtRandom(groups, random),
};

test.each(Object.entries(networks))(
  '%s: every criterion ranks, and what it leaves is fitted',
  async (_, build) => {
    const model = build();
    // Wide heads say nothing that narrow groups don't.
    const groups = channelGroups(model).groups.filter(({ channels }) => channels.length <= 32);
    const evidence = { data: noise(model), evaluator: interpreter };
    const context = { log: () => undefined, signal: new AbortController().signal };
    for (const [name, rank] of Object.entries(criteria)) {
      const ranked = await rank(model, groups, evidence);
      expect(ranked.length, name).toBeGreaterThan(0);
      for (const { group, importance } of ranked) {
        expect(importance.length).toBe(group.channels.length);
        expect(importance.every(Number.isFinite), name).toBe(true);
      }
      if (name === 'magnitude' || name === 'random') expect(ranked.map(({ group }) => group)).toEqual(groups);
      const options = pruningOptions.parse({ uniform: 0.5, absorb: 'bias' });
      const { model: pruned, removed } = await pruneRanked(model, ranked, options, context);
      expect(modelCost(pruned).macs).toBeLessThan(modelCost(model).macs);
      if (name !== 'magnitude') continue;
      for (const fit of ['weights', 'scales'] as const) {
        const { model: fitted, layers } = await reconstructLayers(model, pruned, removed, evidence, { fit });
        verify(fitted);
        expect(layers.length).toBeGreaterThan(0);
        for (const { errorBefore, errorAfter } of layers) expect(errorAfter).toBeLessThanOrEqual(errorBefore);
      }
    }
  },
);
