import { expect, test } from 'vitest';
import { createRandom, modelCost, runPipeline, tensorsEqual } from '@whittle/core';
import type { Model } from '@whittle/core';
import { mobilenetV1, preActivationResnet20, resnet8, shufflenetV1 } from '@whittle/zoo';
import { pruneChannels } from './prune-channels.js';
import { reinitialize } from './reinitialize.js';
import { scratchEpochs } from './scratch-epochs.js';
import { smallNet } from './digits.fixture.js';

function expectSame(a: Model, b: Model) {
  expect([...a.parameters.keys()]).toEqual([...b.parameters.keys()]);
  const differing = [...a.parameters].filter(
    ([id, { tensor }]) => !tensorsEqual(tensor, b.parameters.get(id)!.tensor),
  );
  expect(differing.map(([id]) => id)).toEqual([]);
}

test.each([
  ['resnet8', resnet8],
  ['mobilenet', mobilenetV1],
  ['shufflenet, grouped', shufflenetV1],
  ['pre-activation', preActivationResnet20],
])('%s is drawn as the zoo draws it', async (_, network) => {
  const { model } = await runPipeline(network({ random: createRandom(1) }), [reinitialize({ seed: 7 })]);
  expectSame(model, network({ random: createRandom(7) }));
});

test('a pruned network keeps its architecture and forgets its weights, by a seed', async () => {
  const prune = pruneChannels({ ratio: 0.5, cap: 0.6 });
  const { model: pruned } = await runPipeline(smallNet(), [prune]);
  const draw = async (seed: number) =>
    (await runPipeline(pruned, [reinitialize({ gamma: 0.5 })], { seed })).model;
  const [a, b, c] = [await draw(1), await draw(1), await draw(2)];
  expectSame(a, b);
  expect(modelCost(a)).toEqual(modelCost(pruned));
  const weight = (model: Model) => model.parameters.get('conv2/weight')!.tensor;
  expect(tensorsEqual(weight(a), weight(c))).toBe(false);
  expect(tensorsEqual(weight(a), weight(pruned))).toBe(false);
});

test('Scratch-B trains as many multiply-adds, Scratch-E as many epochs', async () => {
  const dense = smallNet();
  const { model: pruned } = await runPipeline(dense, [pruneChannels({ budget: { of: 'macs', share: 0.5 } })]);
  const ratio = modelCost(dense).macs / modelCost(pruned).macs;
  expect(scratchEpochs(dense, pruned, { budget: 'E', epochs: 10 })).toBe(10);
  const epochs = scratchEpochs(dense, pruned, { budget: 'B', epochs: 10 });
  expect(Math.abs(epochs - 10 * ratio)).toBeLessThanOrEqual(0.5);
  expect(epochs).toBeGreaterThanOrEqual(20);
  expect(scratchEpochs(dense, pruned, { budget: 'B', epochs: 10, most: 1.5 })).toBe(15);
  expect(() => scratchEpochs(dense, pruned, { budget: 'B', epochs: 0 })).toThrowError(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});
