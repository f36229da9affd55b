import { describe, expect, test } from 'vitest';
import { runPipeline, tensorsEqual } from '@whittle/core';
import type { Model } from '@whittle/core';
import { constant, tensorFlowUnavailable } from '@whittle/train';
import { digits, smallNet } from './digits.fixture.js';
import { scaleIds } from './importance.js';
import { initializeScales } from './initialize-scales.js';
import type { ScaleHistograms } from './scale-histograms.js';
import { trainSparse } from './train-sparse.js';

const missing = await tensorFlowUnavailable();

const scalesOf = (model: Model) =>
  scaleIds(model).map((id) => [...(model.parameters.get(id)!.tensor.data as Float32Array)]);
const meanScale = (model: Model) => {
  const all = scalesOf(model).flat();
  return all.reduce((sum, value) => sum + Math.abs(value), 0) / all.length;
};

async function run(options: Partial<Parameters<typeof trainSparse>[0]>) {
  const { model, passes } = await runPipeline(
    smallNet(),
    [trainSparse({ data: digits.data, epochs: 2, learningRate: constant(0.05), bins: 8, ...options })],
    { seed: 3 },
  );
  const { scales } = passes[0].report as unknown as { scales: ScaleHistograms[] };
  return { model, scales };
}

describe.skipIf(missing)(`sparse training ${missing ?? ''}`, () => {
  test('shrinks scales, by both methods, and the proximal one to exact zeros', async () => {
    const { model: plain } = await run({ lambda: 0 });
    const { model: subgradient } = await run({ lambda: 0.05 });
    const { model: proximal } = await run({ lambda: 1, method: 'proximal' });
    expect(meanScale(subgradient)).toBeLessThan(0.9 * meanScale(plain));
    expect(meanScale(proximal)).toBeLessThan(0.9 * meanScale(plain));
    const zeros = (each: Model) =>
      scalesOf(each)
        .flat()
        .filter((value) => value === 0).length;
    expect(zeros(proximal)).toBeGreaterThan(0);
    expect(zeros(subgradient)).toBe(0);
  });

  test('reports a histogram of each layer for each epoch, the last that of the model', async () => {
    const { model, scales } = await run({ lambda: 0.01 });
    expect(scales.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    for (const { layers } of scales) {
      expect(Object.keys(layers)).toEqual(scaleIds(model));
      expect(Object.values(layers).map((counts) => counts.reduce((a, b) => a + b))).toEqual([4, 8, 12, 8]);
    }
    expect(scales[0]).toMatchObject({
      largest: 0.5,
      layers: { [scaleIds(model)[0]]: [0, 0, 0, 0, 0, 0, 0, 4] },
    });
    const last = scalesOf(model).flat().map(Math.abs);
    expect(scales[2].largest).toBe(Math.max(...last));
    const binned = Object.values(scales[2].layers).reduce((sum, counts) => sum + counts[7], 0);
    expect(binned).toBe(last.filter((value) => value >= (7 / 8) * scales[2].largest).length);
  });

  test('is the same for one seed', async () => {
    const [a, b] = [await run({ lambda: 0.01 }), await run({ lambda: 0.01 })];
    for (const [id, { tensor }] of a.model.parameters)
      expect(tensorsEqual(tensor, b.model.parameters.get(id)!.tensor)).toBe(true);
    expect(a.scales).toEqual(b.scales);
  });
});

test('scales begin with what they are set to', async () => {
  const { model } = await runPipeline(smallNet(), [initializeScales({ gamma: 0.25, beta: 0.125 })]);
  expect(new Set(scalesOf(model).flat())).toEqual(new Set([0.25]));
  const offsets = [...model.parameters.values()].filter(({ role }) => role === 'offset');
  expect(offsets.length).toBe(4);
  expect(new Set(offsets.flatMap(({ tensor }) => [...(tensor.data as Float32Array)]))).toEqual(
    new Set([0.125]),
  );
});

test('options are checked', () => {
  const options = { data: digits.data, epochs: 1 };
  const refused = expect.objectContaining({ code: 'OPTION_INVALID' });
  expect(() => trainSparse({ ...options, lambda: -1 })).toThrowError(refused);
  expect(() => trainSparse({ ...options, method: 'other' as never })).toThrowError(refused);
  expect(() => trainSparse({ ...options, bins: 0 })).toThrowError(refused);
  expect(() => initializeScales({ gamma: 0 })).toThrowError(refused);
});
