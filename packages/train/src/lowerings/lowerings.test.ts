import { add, coreOps, createRandom, float32, interpret, ModelBuilder, sizeOf, split } from '@whittle/core';
import type { Id, Model, ParameterRole } from '@whittle/core';
import { afterEach, describe, expect, test } from 'vitest';
import { NetworkState } from '../network-state.js';
import { loadTensorFlow, tensorFlowUnavailable } from '../tensorflow.js';
import type { TfTensor } from '../tensorflow.js';
import { tfjsEvaluator } from '../tfjs-evaluator.js';
import { comparisonCases } from './comparison-cases.fixture.js';
import { elementwiseCases } from './elementwise-cases.fixture.js';
import { indexCases } from './index-cases.fixture.js';
import { normalizationCases } from './normalization-cases.fixture.js';
import { cases as layerCases } from './op-cases.fixture.js';
import type { Case } from './op-cases.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const cases = [...layerCases, ...elementwiseCases, ...normalizationCases, ...indexCases, ...comparisonCases];

function normal(name: string, shape: readonly number[], role?: ParameterRole) {
  const stream = createRandom(5).at(name);
  const data = Float32Array.from({ length: sizeOf(shape) }, () =>
    role === 'variance' ? 0.5 + stream.float() : stream.normal(),
  );
  return float32(shape, data);
}

function build({ op, attributes, input, parameters = [], operands = (_, x) => [x] }: Case): Model {
  const builder = new ModelBuilder('case');
  const x = builder.input('x', ['batch', ...input]);
  const ids = parameters.map(([role, shape], i) =>
    builder.parameter(`p${i}`, normal(`p${i}`, shape, role), role),
  );
  const all = [...operands(builder, x), ...ids];
  // Of several results the first one counts.
  const [y] = builder.results(op === split ? ['y', 'z'] : ['y'], op, attributes, all);
  builder.output(y);
  return builder.finish();
}

const label = (c: Case) => `${c.op.name} ${c.label ?? ''}`;
const named = cases.map((c) => [label(c), c] as const);

describe.skipIf(missing)(`lowerings of core's ops ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test('every op of core has a case', () => {
    const covered = new Set(cases.map(({ op }) => op.name));
    const missing = coreOps.filter(({ name }) => !covered.has(name)).map(({ name }) => name);
    // Layers with states are not trained.
    expect(missing).toEqual(['svdf', 'lstm']);
  });

  test.each(named)('%s computes what the interpreter does', async (_, c) => {
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

  const trainable = named.filter(([, c]) => !c.untrained);
  test.each(trainable)('%s in training: gradients are those of finite differences', async (_, c) => {
    // A factor in front makes the gradient with respect to the input that of a parameter.
    const operands = c.operands ?? ((_b: ModelBuilder, x: Id) => [x]);
    const model = build({
      ...c,
      operands: (b, x) => {
        const shift = b.parameter('shift', normal('shift', c.input), 'offset');
        return operands(b, b.node('shifted', add, { activation: 'none' }, [x, shift]));
      },
    });
    const network = await NetworkState.create(tf, model, 'training');
    const scope = { mode: 'training' as const, random: createRandom(0).at('t'), statisticsMomentum: 0.9 };
    const input = normal('x', [3, ...c.input]);
    const weights = normal('weights', [4096]).data as Float32Array;
    const objective = (): TfTensor => {
      const y = network.run([tf.tensor(input.data as Float32Array, [...input.shape])], scope).get('y')!;
      return tf.sum(tf.mul(y, tf.tensor(weights.slice(0, y.size), y.shape)));
    };
    const valueAt = () => {
      let value = 0;
      tf.tidy(() => {
        value = objective().dataSync()[0];
      });
      return value;
    };
    try {
      const trained = [...network.trained.values()];
      let gradients: Float32Array[] = [];
      tf.tidy(() => {
        const tensors = trained.map(({ parameter }) => network.tensor(parameter.id));
        const { grads } = tf.engine().gradients(objective, tensors, undefined, true);
        gradients = grads.map((g?: TfTensor) => Float32Array.from(g?.dataSync() ?? []));
      });
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
