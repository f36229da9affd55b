import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTfjsArtifacts } from '../index.js';
import { drawn, drawnIntegers, drawWeights, toTfjs } from './drawn.fixture.js';
import { outputFault } from './expect-equal.fixture.js';
import { layersCases } from './layers-cases.fixture.js';
import type { LayersCase } from './layers-cases.fixture.js';
import { artifactsOf } from './tfjs-artifacts.fixture.js';

async function faultOf({ name, model, integers }: LayersCase): Promise<string | undefined> {
  drawWeights(model);
  const feeds = model.inputs.map((input, i) => {
    const shape = [2, ...(input.shape.slice(1) as number[])];
    return integers === undefined
      ? drawn(`${name}/${i}`, shape, [-2, 2])
      : drawnIntegers(`${name}/${i}`, shape, integers);
  });
  try {
    const predicted = model.predict(feeds.map(toTfjs));
    return outputFault(readTfjsArtifacts(await artifactsOf(model)), feeds, [predicted].flat());
  } catch (error) {
    return String(error);
  }
}

describe('layers models', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('compute what TensorFlow.js computes', async () => {
    const faults: string[] = [];
    const cases = layersCases();
    for (const each of cases) {
      const fault = await faultOf(each);
      if (fault !== undefined) faults.push(`${each.name}: ${fault}`);
    }
    expect(cases.length).toBeGreaterThan(60);
    expect(faults).toEqual([]);
  });
});
