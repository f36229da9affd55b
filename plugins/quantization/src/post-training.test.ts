import { createRegistry, float32, interpret, runPipeline, tensor, typeOf, verify } from '@whittle/core';
import type { Batch, BatchSource, Model } from '@whittle/core';
import { activationScale, evaluateInt8, INT8_OR_INT16, quantizeFloat } from '@whittle/int8';
import { describe, expect, it } from 'vitest';
import { RANGES_KEY } from './calibrated-ranges.js';
import { floatNetwork, images } from './float-network.fixture.js';
import { int8Quantized } from './int8-quantized.js';
import { quantization } from './plugin.js';
import { postTraining } from './post-training.js';
import { prepare } from './prepare.js';
import { quantizationReport } from './quantization-report.js';

const model = floatNetwork();
const data = [images(16), images(16), images(16)];
const test = images(64);

async function quantized(options: object = {}): Promise<Model> {
  const run = await runPipeline(model, [postTraining({ data, ...options })]);
  verify(run.model);
  return run.model;
}

/** Classes and probabilities of the integer model on the float inputs. */
async function probabilities(integer: Model): Promise<number[]> {
  const scaleOf = (id: string) => activationScale({ name: id }, typeOf(integer, id), 'value', INT8_OR_INT16);
  const [from, to] = [scaleOf('x'), scaleOf('y')];
  const x = test.get('x')!;
  const stored = Array.from(x.data as Float32Array, (v) => quantizeFloat(v, from));
  const values = await evaluateInt8(integer, new Map([['x', tensor(from.dtype, x.shape, stored)]]));
  return Array.from(values.get('y')!.data, Number).map((y) => to.scale * (y - to.zeroPoint));
}

/** Root of the mean squared difference of probabilities from the float model's. */
async function errorOf(integer: Model): Promise<number> {
  const found = await probabilities(integer);
  const wanted = interpret(model, test).get('y')!.data as Float32Array;
  const squares = found.map((p, i) => (p - wanted[i]) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square) / found.length);
}

describe('post-training quantization', () => {
  it.each([
    {},
    { weights: 'per-tensor', denseWeights: 'per-tensor' },
    { observer: 'mse' },
    { observer: { kind: 'percentile', percentile: 99.9 } },
    { observer: 'moving-average' },
  ])('keeps the answers, with options %o', async (options) => {
    const found = await probabilities(await quantized(options));
    const wanted = interpret(model, test).get('y')!.data as Float32Array;
    expect(await errorOf(await quantized(options))).toBeLessThan(0.04);
    const classOf = (all: ArrayLike<number>, i: number) =>
      [0, 1, 2, 3].reduce((best, c) => (all[4 * i + c] > all[4 * i + best] ? c : best), 0);
    const agreed = Array.from({ length: 64 }, (_, i) => classOf(found, i) === classOf(wanted, i));
    expect(agreed.filter(Boolean).length).toBeGreaterThanOrEqual(58);
  });

  it('gives a model that is int8 throughout, batch bound, without ranges', async () => {
    const int8 = await quantized();
    expect(int8Quantized.check!(int8)).toBeUndefined();
    expect(int8Quantized.check!(model)).toBeDefined();
    for (const type of int8.values.values()) expect(type.dtype).toBe('int8');
    expect(typeOf(int8, 'x').shape).toEqual([1, 8, 8, 3]);
    expect(int8.metadata[RANGES_KEY]).toBeUndefined();
    expect(typeOf(int8, 'y').quantization).toMatchObject({ scale: Float32Array.of(1 / 256) });
  });

  it('shares one scale among all that pooling and concat join, and rescales what has its own', async () => {
    const int8 = await quantized();
    const scaleOf = (id: string) => typeOf(int8, id).quantization;
    for (const id of ['residual', 'pooled', 'flat', 'joined']) expect(scaleOf(id)).toEqual(scaleOf('first'));
    expect(int8.nodes.filter((node) => node.op.name === 'quantize').map((node) => node.inputs[0])).toEqual([
      'gate',
    ]);
  });

  it('has float32 at the edges where that is wanted', async () => {
    const int8 = await quantized({ edges: 'float32' });
    expect([typeOf(int8, 'x').dtype, typeOf(int8, 'y').dtype]).toEqual(['float32', 'float32']);
    expect(int8Quantized.check!(int8)).toBeUndefined();
    const values = await evaluateInt8(int8, test);
    expect([...values.get('y')!.data].map(Number)).toEqual(await probabilities(await quantized()));
  });

  it('loses less with int16 activations: what is left comes from the weights', async () => {
    const int16 = await quantized({ activations: 'int16' });
    expect(int8Quantized.check!(int16)).toBeUndefined();
    for (const type of int16.values.values())
      expect(type).toMatchObject({ dtype: 'int16', quantization: { zeroPoint: Int32Array.of(0) } });
    const dtypes = new Set([...int16.parameters.values()].map((parameter) => parameter.tensor.dtype));
    expect([...dtypes].sort()).toEqual(['int64', 'int8']);
    expect(await errorOf(int16)).toBeLessThan(0.5 * (await errorOf(await quantized())));
    const edges = await quantized({ activations: 'int16', edges: 'float32' });
    const values = await evaluateInt8(edges, test);
    expect([...values.get('y')!.data].map(Number)).toEqual(await probabilities(int16));
  });

  it('is the same twice', async () => {
    expect(await probabilities(await quantized())).toEqual(await probabilities(await quantized()));
  });

  it('takes a data set', async () => {
    const source: BatchSource = {
      examples: 48,
      count: 3,
      batches: () => data.map((feeds): Batch => ({ inputs: [feeds.get('x')!], labels: float32([16]) })),
    };
    const run = await runPipeline(model, [postTraining({ data: source })]);
    expect(await probabilities(run.model)).toEqual(await probabilities(await quantized()));
  });

  it('comes with a plugin', () => {
    const { plugins } = createRegistry([quantization]);
    expect(plugins[0].passes?.map((factory) => factory.definition.name)).toEqual([
      'quantization/prepare',
      'quantization/calibrate',
      'quantization/quantize',
      'quantization/post-training',
    ]);
  });
});

describe('quantizationReport', () => {
  it('says which value suffers, from where', async () => {
    const { model: prepared } = await runPipeline(model, [prepare()]);
    const report = await quantizationReport(prepared, await quantized(), test);
    expect(report.map((entry) => entry.id)).toEqual([...prepared.values.keys()]);
    for (const entry of report) {
      expect(entry.sqnrDb).toBeGreaterThan(20);
      expect(entry.clipped).toBeLessThan(0.01);
      if (entry.op !== 'input' && entry.id !== 'joined')
        expect(entry.ownSqnrDb).toBeGreaterThan(entry.sqnrDb - 1);
    }
  });

  it('finds the layer that was spoilt', async () => {
    const { model: prepared } = await runPipeline(model, [prepare()]);
    const good = await quantized();
    // The depthwise layer's weights read at three times their scale: it alone goes wrong by itself.
    const node = good.nodes.find((n) => n.outputs[0] === 'depthwise')!;
    const parameter = good.parameters.get(node.inputs[1])!;
    const { scale, ...rest } = parameter.tensor.quantization!;
    const quantizationOf = { ...rest, scale: scale.map((s) => 3 * s) };
    const spoilt: Model = {
      ...good,
      parameters: new Map(good.parameters).set(parameter.id, {
        ...parameter,
        tensor: { ...parameter.tensor, quantization: quantizationOf },
      }),
    };
    const report = await quantizationReport(prepared, spoilt, test);
    const own = report.filter((entry) => (entry.ownSqnrDb ?? 99) < 20).map((entry) => entry.id);
    expect(own).toEqual(['depthwise']);
    expect(report.find((entry) => entry.id === 'residual')!.sqnrDb).toBeLessThan(20);
  });
});
