import { afterEach, describe, expect, test } from 'vitest';
import { buildShifted, namedCases, objectiveOf } from '../lowerings/case-model.fixture.js';
import { NetworkState } from '../network-state.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import type { TfTensor } from '../tensorflow.js';
import type { Deferral } from './defer.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

describe.skipIf(missing)(`every op in a graph ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  const graphs = () =>
    (tf.backend() as unknown as { binding: { getNumOfSavedModels(): number } }).binding.getNumOfSavedModels();
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(0);
    expect(graphs()).toBe(0);
  });

  const trainable = namedCases.filter(([, c]) => !c.untrained);
  test.each(trainable)('%s: value and gradients are those of single ops', async (_, c) => {
    const network = await NetworkState.create(tf, buildShifted(c), 'training');
    const objective = objectiveOf(tf, network, c);
    const tensors = [...network.trained.keys()].map((id) => network.tensor(id));
    const differentiate = (run: Deferral['run']) =>
      tf.tidy(() => {
        const { value, grads } = run(() => tf.engine().gradients(objective, tensors, undefined, true));
        return [value, ...(grads as (TfTensor | undefined)[])].map((found) => [...(found?.dataSync() ?? [])]);
      });
    try {
      const single = differentiate((compute) => compute());
      const graph = differentiate((compute) => network.deferral.run(compute));
      expect(graphs()).toBe(1);
      graph.forEach((values, g) =>
        values.forEach((value, i) =>
          expect(Math.abs(value - single[g][i])).toBeLessThan(1e-4 * (1 + Math.abs(value))),
        ),
      );
      expect(graph.map(({ length }) => length)).toEqual(single.map(({ length }) => length));
    } finally {
      network.dispose();
    }
  });
});
