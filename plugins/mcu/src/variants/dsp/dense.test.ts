import { describe, expect, test } from 'vitest';
import { denseCase } from '../layer-cases.fixture.js';
import type { DenseShape } from '../layer-cases.fixture.js';
import { withoutLeast } from '../exactness.fixture.js';
import { expectExact, kernelsOf, missing } from './exactness.fixture.js';

const kernel = 'whittle_fully_connected_s8_dsp';

const shapes: readonly DenseShape[] = [
  { rows: 1, inputs: 1, outputs: 1 },
  { rows: 1, inputs: 3, outputs: 4 },
  { rows: 1, inputs: 4, outputs: 7, perTensor: true },
  { rows: 1, inputs: 7, outputs: 10, activation: 'relu' },
  { rows: 1, inputs: 8, outputs: 8, zeroPoints: [-128, -128] },
  { rows: 1, inputs: 11, outputs: 9 },
  { rows: 1, inputs: 13, outputs: 2, perTensor: true },
  { rows: 1, inputs: 16, outputs: 12, zeroPoints: [127, 127] },
  { rows: 1, inputs: 24, outputs: 6, zeroPoints: [-128, 127], activation: 'relu6' },
  { rows: 1, inputs: 30, outputs: 5, bias: 100_000 },
  { rows: 1, inputs: 100, outputs: 17, perTensor: true, activation: 'relu' },
  { rows: 1, inputs: 129, outputs: 20 },
  { rows: 3, inputs: 4, outputs: 5 },
  { rows: 2, inputs: 20, outputs: 4, perTensor: true },
  { rows: 5, inputs: 36, outputs: 11 },
];

const cases = shapes.map((shape, i) => withoutLeast(denseCase(shape, i + 1)));

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  test('dense layers of every remainder are exact', () => expectExact(cases, RegExp(`\\b${kernel}\\b`)));
});

test('the widest layer whose sums fit 24 bits is covered, the next is not', async () => {
  const wide = (inputs: number) => {
    const run = withoutLeast(denseCase({ rows: 1, inputs, outputs: 4, zeroPoints: [0, 0], bias: 0 }));
    (run.model.parameters.get('weight')!.tensor.data as Int8Array).fill(127);
    return kernelsOf(run);
  };
  // 127 * 128 * 516 is the last product below 2^23.
  expect(await wide(516)).toContain(kernel);
  expect(await wide(517)).not.toContain(kernel);
});

test('what a pair of weights does not hold goes to the portable kernel', async () => {
  const run = withoutLeast(denseCase({ rows: 1, inputs: 8, outputs: 4 }));
  const values = run.model.parameters.get('weight')!.tensor.data as Int8Array;
  [values[0], values[1]] = [0, -128];
  expect(await kernelsOf(run)).toContain(kernel);
  [values[0], values[1]] = [-1, -128];
  expect(await kernelsOf(run)).toContain('whittle_fully_connected_s8');
});
