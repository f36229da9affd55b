import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '@whittle/core';
import { readTfjsArtifacts, readTfjsModel } from '../index.js';
import type { TfjsArtifacts, TfjsWeightSpec } from '../artifacts.js';
import { drawWeights } from './drawn.fixture.js';
import { artifactsOf } from './tfjs-artifacts.fixture.js';

const bytesOf = (data: TfjsArtifacts['weightData']) => new Uint8Array(data as ArrayBuffer);
const parameter = (model: Model, id: string) =>
  Array.from(model.parameters.get(id)!.tensor.data as Float32Array);
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Two dense layers, of 12 and 8 weights. */
async function small(): Promise<TfjsArtifacts> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ name: 'first', inputShape: [3], units: 3 }),
      tf.layers.dense({ name: 'second', units: 2 }),
    ],
  });
  drawWeights(model);
  return artifactsOf(model);
}

beforeAll(() => tf.setBackend('cpu'));

describe('weights', () => {
  it.each([
    ['uint8', 1, { scale: 0.01, min: -1.25 }],
    ['uint16', 2, { scale: 0.00003, min: -1 }],
    ['float16', 2, {}],
  ] as const)('quantized to %s are what TensorFlow.js makes of them', async (dtype, size, quantization) => {
    const { modelTopology, weightSpecs } = await small();
    const specs = (weightSpecs as TfjsWeightSpec[]).map((spec) => ({
      ...spec,
      quantization: { dtype, ...quantization },
    }));
    const weightData = Uint8Array.from({ length: 20 * size }, (_, i) => (i * 37) % 123).buffer;
    const model = readTfjsArtifacts({ modelTopology, weightSpecs: specs, weightData });
    const wanted = tf.io.decodeWeights(weightData, specs as tf.io.WeightsManifestEntry[]);
    for (const { name } of specs) expect(parameter(model, name)).toEqual(Array.from(wanted[name].dataSync()));
  });

  it('come in groups and shards, cut anywhere', async () => {
    const artifacts = await small();
    const bytes = bytesOf(artifacts.weightData);
    const specs = artifacts.weightSpecs as TfjsWeightSpec[];
    const shards: Readonly<Record<string, Uint8Array>> = {
      'a.bin': bytes.slice(0, 13),
      'b.bin': bytes.slice(13, 48),
      'c.bin': bytes.slice(48),
    };
    const file = encode({
      modelTopology: artifacts.modelTopology,
      weightsManifest: [
        { paths: ['a.bin', 'b.bin'], weights: specs.slice(0, 2) },
        { paths: ['c.bin'], weights: specs.slice(2) },
      ],
    });
    const read = await readTfjsModel(file, (path) => Promise.resolve(shards[path]));
    const whole = readTfjsArtifacts(artifacts);
    for (const { name } of specs) expect(parameter(read, name)).toEqual(parameter(whole, name));
  });

  it('may be in several pieces in memory', async () => {
    const artifacts = await small();
    const bytes = bytesOf(artifacts.weightData);
    const pieces = [bytes.slice(0, 30), bytes.slice(30)];
    expect(parameter(readTfjsArtifacts({ ...artifacts, weightData: pieces }), 'second/kernel')).toEqual(
      parameter(readTfjsArtifacts(artifacts), 'second/kernel'),
    );
  });

  it('of the optimizer, and texts, are passed over', async () => {
    const artifacts = await small();
    const texts = new Uint8Array([2, 0, 0, 0, 65, 66, 1, 0, 0, 0, 67]);
    const model = readTfjsArtifacts({
      ...artifacts,
      weightSpecs: [
        ...artifacts.weightSpecs!,
        { name: 'iter', shape: [], dtype: 'int32', group: 'optimizer' },
        { name: 'labels', shape: [2], dtype: 'string', group: 'optimizer' },
      ],
      weightData: [bytesOf(artifacts.weightData), new Uint8Array(4), texts],
    });
    expect(model.parameters.size).toBe(4);
  });

  it('have the names of TensorFlow 2.2 too, with the cell of a recurrent layer', async () => {
    const model = tf.sequential({ layers: [tf.layers.lstm({ name: 'lstm', inputShape: [4, 3], units: 2 })] });
    const artifacts = await artifactsOf(model);
    const weightSpecs = (artifacts.weightSpecs as TfjsWeightSpec[]).map((spec) => ({
      ...spec,
      name: spec.name.replace('/', '/lstm_cell/'),
    }));
    const named = readTfjsArtifacts({ ...artifacts, weightSpecs });
    expect(parameter(named, 'lstm/kernel')).toEqual(parameter(readTfjsArtifacts(artifacts), 'lstm/kernel'));
  });
});
