import { channelGroups, float32, interpret, patch, removeChannels, runPipeline } from '@whittle/core';
import type { Model, Parameter } from '@whittle/core';
import { sgd, tensorFlowUnavailable, train } from '@whittle/train';
import { describe, expect, test } from 'vitest';
import { groupLasso, groupSoftThreshold, rankByMagnitude } from './index.js';
import type { SparseStructure } from './index.js';
import { noiseImages, plainNet, residualNet } from './pruned-nets.fixture.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

const model = residualNet();
const parameterOf = (id: string) =>
  model.parameters.get(id) as Parameter & { tensor: { data: Float32Array } };

/** Indices [kh, kw, I, O] of an element, as the structure tells elements apart. */
function keyOf(of: SparseStructure, shape: readonly number[], i: number): string {
  const [, , inputs, outputs] = shape;
  const o = i % outputs;
  const c = Math.floor(i / outputs) % inputs;
  const tap = Math.floor(i / outputs / inputs);
  const isDepthwise = outputs === 1;
  return `${{ filters: isDepthwise ? c : o, channels: c, shapes: isDepthwise ? tap : `${tap} ${c}`, depth: 0 }[of]}`;
}

function normsBy(of: SparseStructure, shape: readonly number[], values: Float32Array): Map<string, number> {
  const squares = new Map<string, number>();
  values.forEach((x, i) => {
    const key = keyOf(of, shape, i);
    squares.set(key, (squares.get(key) ?? 0) + x * x);
  });
  return new Map([...squares].map(([key, square]) => [key, Math.sqrt(square)]));
}

describe.each(['filters', 'channels', 'shapes', 'depth'] as const)('group LASSO over %s', (of) => {
  test.each(['c2/weight', 'd4/weight'])('%s: value and gradient', (id) => {
    const parameter = parameterOf(id);
    const { shape, data } = parameter.tensor;
    const penalty = groupLasso(model, 1, { of });
    expect(penalty.applies(parameter)).toBe(true);
    const gradient = new Float32Array(data.length);
    const value = penalty.addGradient(data, gradient, 2, parameter);
    const norms = normsBy(of, shape, data);
    expect(value).toBeCloseTo(
      [...norms.values()].reduce((a, b) => a + b),
      5,
    );
    // The gradient is that of the value, by differences.
    for (const i of [0, 5, data.length - 1]) {
      const at = (by: number) => {
        const moved = data.slice();
        moved[i] += by;
        return [...normsBy(of, shape, moved).values()].reduce((a, b) => a + b);
      };
      expect(gradient[i]).toBeCloseTo((2 * (at(1e-2) - at(-1e-2))) / 2e-2, 2);
    }
  });

  test('the proximal step shrinks each group by as much, and small ones to zero', () => {
    const parameter = parameterOf('c2/weight');
    const { shape, data } = parameter.tensor;
    const norms = normsBy(of, shape, data);
    const sorted = [...norms.values()].sort((a, b) => a - b);
    const threshold = sorted[Math.floor(sorted.length / 2)] * 1.0001;
    const values = data.slice();
    groupSoftThreshold(model, threshold * 10, { of }).apply(values, 0.1, parameter);
    const after = normsBy(of, shape, values);
    for (const [key, norm] of norms) expect(after.get(key)).toBeCloseTo(Math.max(0, norm - threshold), 4);
    expect(values.some((x) => Object.is(x, 0))).toBe(true);
  });
});

test('at zero the gradient is zero', () => {
  const parameter = parameterOf('c2/weight');
  const zeros = new Float32Array(parameter.tensor.data.length);
  const gradient = new Float32Array(zeros.length);
  expect(groupLasso(model, 1, { of: 'filters' }).addGradient(zeros, gradient, 1, parameter)).toBe(0);
  expect(gradient.every((x) => x === 0)).toBe(true);
  groupSoftThreshold(model, 1, { of: 'filters' }).apply(zeros, 0.1, parameter);
  expect(zeros.every((x) => x === 0)).toBe(true);
});

test('a choice that applies to no weight is refused', () => {
  for (const make of [groupLasso, groupSoftThreshold])
    expect(() => make(model, 1, { of: 'depth', applies: () => false })).toThrowError(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
});

describe.skipIf(missing)(`training ${missing ?? ''}`, () => {
  const data = noiseImages();
  const bySgd = { data, epochs: 6, optimizer: sgd(), learningRate: 0.02 };
  const isC2 = ({ id }: { readonly id: string }) => id === 'c2/weight';

  test('the penalty lowers norms; the proximal step brings filters to zero, which then cost nothing to remove', async () => {
    const net: Model = plainNet();
    const run = async (options: object) =>
      (await runPipeline(net, [train({ ...bySgd, ...options })], { seed: 1 })).model;
    const sum = (trained: Model) => {
      const { shape, data: values } = trained.parameters.get('c2/weight')!.tensor;
      return [...normsBy('filters', shape, values as Float32Array).values()].reduce((a, b) => a + b);
    };
    const free = await run({});
    expect(
      sum(await run({ penalties: [groupLasso(net, 0.5, { of: 'filters', applies: isC2 })] })),
    ).toBeLessThan(0.8 * sum(free));
    const sparse = await run({
      after: [groupSoftThreshold(net, 8, { of: 'filters', applies: isC2 })],
    });
    const group = channelGroups(sparse).groups.find(({ name }) => name === 'c2')!;
    const [{ importance }] = rankByMagnitude(sparse, [group]);
    const zero = [...importance.keys()].filter((c) => importance[c] === 0);
    expect(zero.length).toBeGreaterThan(0);
    expect(zero.length).toBeLessThan(5);
    // Biases of removed filters are what is left of them.
    const still = patch(sparse, (edit) => {
      const bias = sparse.parameters.get('c2/bias')!.tensor;
      const values = Float32Array.from(bias.data as Float32Array, (x, i) => (zero.includes(i) ? 0 : x));
      edit.setParameter('c2/bias', { tensor: float32(bias.shape, values) });
    });
    const small = removeChannels(still, [{ group, channels: zero }]).model;
    const [batch] = [...(data.batches({} as never) as Iterable<{ inputs: readonly never[] }>)];
    const [a, b] = [still, small].map(
      (each) => interpret(each, new Map([['x', batch.inputs[0]]])).get('y')!.data,
    );
    a.forEach((x, i) => expect(Number(x)).toBeCloseTo(Number(b[i]), 5));
  });
});
