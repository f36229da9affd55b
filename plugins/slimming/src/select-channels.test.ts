import { describe, expect, test } from 'vitest';
import {
  concrete,
  createRandom,
  float32,
  gather,
  interpret,
  isOp,
  modelCost,
  patch,
  runPipeline,
  sizeOf,
  typeOf,
} from '@whittle/core';
import type { Model } from '@whittle/core';
import { densenet40, preActivationResnet20, resnet8 } from '@whittle/zoo';
import { scaleIds } from './importance.js';
import { pruneChannels } from './prune-channels.js';

/** Norms as training leaves them: offsets other than 0, scales all different. */
function trained(model: Model): Model {
  const draw = createRandom(4).at('norms');
  return patch(model, (edit) => {
    for (const { id, role, tensor } of model.parameters.values()) {
      if (role === 'weight') continue;
      const low = role === 'variance' || role === 'scale' ? 0.3 : -0.5;
      const data = Float32Array.from({ length: tensor.data.length }, () => low + draw.float());
      edit.setParameter(id, { tensor: float32(tensor.shape, data) });
    }
  });
}

/** The model with scales at 0 that are at most the threshold. */
function masked(model: Model, threshold: number): Model {
  return patch(model, (edit) => {
    for (const id of scaleIds(model)) {
      const { shape, data } = model.parameters.get(id)!.tensor;
      const kept = Float32Array.from(data as Float32Array, (value) =>
        Math.abs(value) > threshold ? value : 0,
      );
      edit.setParameter(id, { tensor: float32(shape, kept) });
    }
  });
}

function outputOf(model: Model): Float32Array {
  const [{ id }] = model.inputs;
  const shape = concrete(typeOf(model, id).shape);
  const draw = createRandom(9).at('image');
  const image = float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => draw.float()),
  );
  return interpret(model, new Map([[id, image]])).get(model.outputs[0].id)!.data as Float32Array;
}

const networks = {
  'pre-activation-resnet': () => preActivationResnet20({ width: 8, input: [8, 8, 3] }),
  densenet: () => densenet40({ growth: 4, width: 8, input: [8, 8, 3] }),
};
const gathers = (model: Model) => model.nodes.filter((node) => isOp(node, gather)).length;

describe.each(Object.entries(networks))('channel selection in %s', (_, network) => {
  test('gives what the masked model gives, with convolutions that are smaller', async () => {
    const model = trained(network());
    const { model: pruned, passes } = await runPipeline(model, [
      pruneChannels({ ratio: 0.5, coupled: 'select' }),
    ]);
    const { threshold, inexact } = passes[0].report as { threshold: number; inexact: unknown[] };
    expect(inexact).toEqual([]);
    expect(gathers(pruned)).toBeGreaterThan(0);
    expect(modelCost(pruned).macs).toBeLessThan(0.75 * modelCost(model).macs);
    // Every group keeps a channel at least; with a scale for each channel that is all that is not by the threshold.
    const floors = (passes[0].report as { groups: { after: number }[] }).groups.every(
      ({ after }) => after > 1,
    );
    expect(floors).toBe(true);
    const [expected, found] = [outputOf(masked(model, threshold)), outputOf(pruned)];
    found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
  });

  test('keeps more of the trunk than whole groups do, and meets budgets', async () => {
    const model = trained(network());
    const run = async (coupled: 'group' | 'select') =>
      (await runPipeline(model, [pruneChannels({ budget: { of: 'macs', share: 0.6 }, coupled })])).model;
    const [group, select] = [await run('group'), await run('select')];
    for (const each of [group, select]) {
      const share = modelCost(each).macs / modelCost(model).macs;
      expect(share).toBeLessThanOrEqual(0.6);
      expect(share).toBeGreaterThan(0.55);
    }
    expect(gathers(group)).toBe(0);
  });

  test('of a network that has selections goes on from them', async () => {
    const model = trained(network());
    const once = (await runPipeline(model, [pruneChannels({ ratio: 0.2, coupled: 'select' })])).model;
    const { model: twice, passes } = await runPipeline(once, [
      pruneChannels({ ratio: 0.3, coupled: 'select' }),
    ]);
    const { threshold, groups } = passes[0].report as { threshold: number; groups: { after: number }[] };
    expect(groups.every(({ after }) => after > 1)).toBe(true);
    expect(gathers(twice)).toBeGreaterThanOrEqual(gathers(once));
    expect(modelCost(twice).macs).toBeLessThan(modelCost(once).macs);
    const [expected, found] = [outputOf(masked(once, threshold)), outputOf(twice)];
    found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
  });

  test('leaves the model alone where nothing goes', async () => {
    const model = trained(network());
    expect((await runPipeline(model, [pruneChannels({ ratio: 0, coupled: 'select' })])).model).toBe(model);
  });
});

test('where each layer has a norm of its own behind it, nothing is selected', async () => {
  const model = trained(resnet8());
  const run = async (coupled: 'group' | 'select') =>
    (await runPipeline(model, [pruneChannels({ ratio: 0.5, coupled })])).model;
  const select = await run('select');
  expect(gathers(select)).toBe(0);
  expect(modelCost(select)).toEqual(modelCost(await run('group')));
});
