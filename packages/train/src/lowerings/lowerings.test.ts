import { coreOps, interpret } from '@whittle/core';
import { afterEach, describe, expect, test } from 'vitest';
import { NetworkState } from '../network-state.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import { tfjsEvaluator } from '../tfjs-evaluator.js';
import { build, buildShifted, gradientsOf, namedCases, normal, objectiveOf } from './case-model.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

describe.skipIf(missing)(`lowerings of core's ops ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test('every op of core has a case', () => {
    const covered = new Set(namedCases.map(([, { op }]) => op.name));
    const missing = coreOps.filter(({ name }) => !covered.has(name)).map(({ name }) => name);
    // Layers with states are not trained.
    expect(missing).toEqual(['svdf', 'lstm']);
  });

  test.each(namedCases)('%s computes what the interpreter does', async (_, c) => {
    const model = build(c);
    const feeds = new Map([['x', normal('x', [3, ...c.input])]]);
    const expected = interpret(model, feeds).get('y')!;
    const found = (await (await tfjsEvaluator({ batch: 2 })).run(model, feeds, ['y'])).get('y')!;
    expect(found.shape).toEqual(expected.shape);
    expected.data.forEach((value: number | bigint, i: number) =>
      expect(Math.abs(Number(found.data[i]) - Number(value))).toBeLessThan(
        1e-5 * (1 + Math.abs(Number(value))),
      ),
    );
  });

  const trainable = namedCases.filter(([, c]) => !c.untrained);
  test.each(trainable)('%s in training: gradients are those of finite differences', async (_, c) => {
    const network = await NetworkState.create(tf, buildShifted(c), 'training');
    const objective = objectiveOf(tf, network, c);
    const valueAt = () => {
      let value = 0;
      tf.tidy(() => {
        value = objective().dataSync()[0];
      });
      return value;
    };
    try {
      const trained = [...network.trained.values()];
      const gradients = gradientsOf(tf, network, objective);
      const h = 2e-2;
      trained.forEach((parameter, p) => {
        const { values } = parameter;
        expect(gradients[p].length).toBe(values.length);
        for (let i = 0; i < values.length; i += Math.ceil(values.length / 12)) {
          const kept = values[i];
          const [after, before, here] = [kept + h, kept - h, kept].map((value) => {
            values[i] = value;
            network.commit(parameter);
            return valueAt();
          });
          const slope = (after - before) / (2 * h);
          const curved = Math.abs(after + before - 2 * here) / h;
          expect(Math.abs(gradients[p][i] - slope)).toBeLessThan(0.05 + 0.02 * Math.abs(slope) + curved);
        }
      });
    } finally {
      network.dispose();
    }
  });
});
