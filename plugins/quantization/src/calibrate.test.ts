import { dense, float32, loadModel, ModelBuilder, patch, runPipeline, saveModel } from '@whittle/core';
import type { Model } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.js';
import { calibrated, RANGES_KEY, readRanges } from './calibrated-ranges.js';
import { floatNetwork, images } from './float-network.fixture.js';
import { quantization } from './plugin.js';
import { prepare } from './prepare.js';
import { quantize } from './quantize.js';
import { weightsDigest } from './weights-digest.js';

/** y = 2 x. */
function doubling(): Model {
  const build = new ModelBuilder('doubling');
  const weight = build.parameter('w', float32([1, 1], [2]), 'weight');
  build.output(build.node('y', dense, { activation: 'none' }, [build.input('x', ['batch', 1]), weight]));
  return build.finish();
}

const column = (...values: number[]) => float32([values.length, 1], values);

async function rangesOf(options: Parameters<typeof calibrate>[0]) {
  const { model } = await runPipeline(doubling(), [calibrate(options)]);
  return Object.fromEntries(readRanges(model)!.ranges);
}

describe('calibrate', () => {
  const data = [column(-1, 0.5), column(3, 0)];

  it('records the extremes of every value', async () => {
    expect(await rangesOf({ data })).toEqual({ x: [-1, 3], y: [-2, 6] });
  });

  it('takes functions and generators, and stops where it is told', async () => {
    async function* endless() {
      for (let i = 1; ; i++) yield column(await Promise.resolve(i));
    }
    expect(await rangesOf({ data: endless, batches: 5 })).toMatchObject({ x: [1, 5] });
  });

  it('averages the extremes of batches', async () => {
    const observer = { kind: 'moving-average', momentum: 0.5 } as const;
    expect(await rangesOf({ data, observer })).toMatchObject({ x: [-0.5, 1.75] });
  });

  it('cuts outliers off', async () => {
    const values = column(...Array.from({ length: 10_000 }, (_, i) => i / 10_000), 1000);
    for (const observer of ['mse', { kind: 'percentile', percentile: 99.9 }] as const) {
      const { x } = await rangesOf({ data: [values], observer });
      expect(x[1]).toBeLessThan(observer === 'mse' ? 1000 : 2);
    }
  });

  it.each([
    ['no examples', [], 'CALIBRATION_INVALID'],
    ['a value that is no number', [column(NaN)], 'CALIBRATION_INVALID'],
    ['another shape', [float32([1, 2])], 'SHAPE_MISMATCH'],
  ])('refuses %s', async (_, wrong, code) => {
    await expect(runPipeline(doubling(), [calibrate({ data: wrong })])).rejects.toMatchObject({ code });
  });

  it.each([
    ['data that is none', { data: 5 }],
    ['an unknown observer', { data: [], observer: 'median' }],
    ['a percentile below the middle', { data: [], observer: { kind: 'percentile', percentile: 40 } }],
    ['an unknown option', { data: [], epochs: 3 }],
  ])('refuses %s', (_, options) => {
    expect(() => calibrate(options as never)).toThrowError(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const stopping = function* () {
      yield column(1);
      controller.abort();
      yield column(2);
    };
    await expect(
      runPipeline(doubling(), [calibrate({ data: stopping })], { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('calibrated ranges', () => {
  const data = [images(4)];

  it('survive saving and loading', async () => {
    const { model } = await runPipeline(floatNetwork(), [prepare(), calibrate({ data })]);
    const loaded = loadModel(saveModel(model));
    expect(readRanges(loaded)).toEqual(readRanges(model));
    expect(calibrated.check!(loaded)).toBeUndefined();
  });

  it('end with a change of the weights that they were measured on', async () => {
    const { model } = await runPipeline(doubling(), [calibrate({ data: [column(1)] })]);
    const changed = patch(model, (edit) => edit.setParameter('w', { tensor: float32([1, 1], [2.5]) }));
    expect(calibrated.check!(changed)).toMatchObject({ message: expect.stringContaining('other weights') });
    await expect(runPipeline(changed, [quantize()])).rejects.toMatchObject({ code: 'PIPELINE_ORDER' });
  });

  it('are needed to quantize, on the nodes that will be quantized', async () => {
    await expect(runPipeline(floatNetwork(), [prepare(), quantize()])).rejects.toMatchObject({
      code: 'PROPERTY_MISSING',
      message: expect.stringContaining('quantization/calibrate'),
    });
    await expect(
      runPipeline(floatNetwork(), [calibrate({ data })], { plugins: [quantization] }),
    ).rejects.toMatchObject({
      code: 'PIPELINE_ORDER',
      message: expect.stringContaining('quantization/prepare'),
    });
  });

  it('are refused where they are no ranges', () => {
    const broken = patch(doubling(), (edit) => edit.setMetadata({ [RANGES_KEY]: '{"ranges"' }));
    expect(() => readRanges(broken)).toThrowError(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});

it('a fingerprint tells weights apart', () => {
  const [a, b] = [doubling(), doubling()];
  expect(weightsDigest(a)).toMatch(/^[0-9a-f]{16}$/);
  expect(weightsDigest(b)).toBe(weightsDigest(a));
  const changed = patch(a, (edit) => edit.setParameter('w', { tensor: float32([1, 1], [-2]) }));
  expect(weightsDigest(changed)).not.toBe(weightsDigest(a));
});
