import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cast, concrete, typeOf } from '@whittle/core';
import { readTfjsArtifacts } from '../index.js';
import { drawn, toTfjs } from './drawn.fixture.js';
import { outputFault } from './expect-equal.fixture.js';
import { graphCases } from './graph-cases.fixture.js';
import type { GraphCase } from './graph-case.fixture.js';
import { outputNames, toModelArtifacts } from './tfjs-artifacts.fixture.js';

async function faultOf({ name, artifacts, bounds }: GraphCase): Promise<string | undefined> {
  const runtime = await tf.loadGraphModel(tf.io.fromMemory(toModelArtifacts(artifacts)));
  try {
    const model = readTfjsArtifacts(artifacts);
    const feeds = model.inputs.map(({ id }) => {
      const { dtype, shape } = typeOf(model, id);
      const value = drawn(`${name}/${id}`, concrete(shape, 2), bounds);
      if (dtype !== 'int32') return value;
      return cast.evaluate({ name: id, attributes: { dtype }, inputs: [value] }, [value])[0];
    });
    const named = Object.fromEntries(model.inputs.map(({ id }, i) => [id, toTfjs(feeds[i])]));
    const expected = runtime.execute(named, outputNames(artifacts));
    return outputFault(model, feeds, [expected].flat());
  } catch (error) {
    return String(error);
  }
}

describe('graph models', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('compute what TensorFlow.js computes', async () => {
    const faults: string[] = [];
    const cases = graphCases();
    for (const each of cases) {
      const fault = await faultOf(each);
      if (fault !== undefined) faults.push(`${each.name}: ${fault}`);
    }
    expect(faults).toEqual([]);
    expect(cases.length).toBeGreaterThan(100);
  });
});
