import { describe, expect, it } from 'vitest';
import { bind } from '../bind.js';
import { decompose } from '../decompose.js';
import { interpret } from '../interpreter.js';
import type { OpDefinition } from '../op.js';
import { print } from '../print.js';
import { loadModel, saveModel } from '../serialize.js';
import { singleNodeModel } from '../single-node.js';
import { float32, sizeOf } from '../tensor.js';
import { verify } from '../verify.js';
import { coreOps, SELU } from './index.js';

interface Case {
  readonly attributes?: object;
  /** Of the input, the batch first; of the parameters. */
  readonly shapes?: readonly (readonly number[])[];
}

const epsilon = 1e-3;
const affine = [[4], [4]];

/** Of ops with attributes, or operands of certain shapes. */
const casesOf: Readonly<Record<string, readonly Case[]>> = {
  gelu: [{ attributes: { approximate: false } }, { attributes: { approximate: true } }],
  scaled_elu: [SELU, { alpha: 0.5, scale: 1 }, { alpha: 1, scale: 2 }].map((attributes) => ({ attributes })),
  celu: [{ attributes: { alpha: 0.5 } }],
  hard_sigmoid: [{ attributes: { alpha: 1 / 6, beta: 0.5 } }, { attributes: { alpha: 0.2, beta: 0.5 } }],
  thresholded_relu: [{ attributes: { theta: 0 } }, { attributes: { theta: 1 } }],
  squared_difference: [{ attributes: { activation: 'relu6' }, shapes: [[2, 12], [12]] }],
  reduce_min: [{ attributes: { axes: [1], keepDims: false } }],
  reduce_sum: [{ attributes: { axes: [1], keepDims: true } }],
  instance_norm: [
    { attributes: { epsilon }, shapes: [[2, 3, 5, 4], ...affine] },
    { attributes: { epsilon }, shapes: [[2, 5, 4], ...affine] },
  ],
  group_norm: [{ attributes: { groups: 2, epsilon }, shapes: [[2, 3, 5, 4], ...affine] }],
  layer_norm: [
    { attributes: { axis: 2, epsilon }, shapes: [[2, 3, 4], ...affine] },
    {
      attributes: { axis: 1, epsilon },
      shapes: [
        [2, 3, 4],
        [3, 4],
        [3, 4],
      ],
    },
  ],
};

const values = [-50, -5, -1.25, -0.5, -0.01, 0, 0.01, 0.7, 1, 2.5, 6, 50];
const filled = (shape: readonly number[], step: number) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => values[(i * step) % values.length]),
  );
const composed = coreOps
  .filter((op) => op.decompose)
  .flatMap((op) => (casesOf[op.name] ?? [{}]).map((c) => [op.name, JSON.stringify(c), op, c] as const));

describe('ops in terms of simpler ones', () => {
  it.each(composed)(
    '%s %s computes the same',
    (_, _options, op: OpDefinition, { attributes = {}, shapes }) => {
      const [input, ...parameters] = shapes ?? [[2, 12]];
      const model = singleNodeModel(op, attributes, [
        { shape: ['batch', ...input.slice(1)] },
        ...parameters.map((shape, i) => filled(shape, 5 + 2 * i)),
      ]);
      const simpler = decompose(model, () => false);
      verify(simpler);
      expect(simpler.nodes.length).toBeGreaterThan(0);
      expect(simpler.nodes.every((node) => node.op.decompose === undefined)).toBe(true);
      const feeds = new Map([['x0', filled(input, 1)]]);
      const expected = interpret(model, feeds).get('y')?.data as Float32Array;
      const found = interpret(bind(simpler, { batch: 2 }), feeds).get('y')?.data as Float32Array;
      expect(found.length).toBe(expected.length);
      expected.forEach((value, i) =>
        expect(Math.abs(found[i] - value)).toBeLessThan(2e-6 * (1 + Math.abs(value))),
      );
      for (const each of [model, simpler]) {
        expect(loadModel(saveModel(each))).toEqual(each);
        expect(print(each)).toContain(each.nodes[0].op.name);
      }
    },
  );
});
