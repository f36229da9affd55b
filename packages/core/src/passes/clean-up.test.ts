import { expect, test } from 'vitest';
import { ModelBuilder } from '../builder.js';
import { interpret } from '../interpreter.js';
import { add, batchNorm, dense, relu, relu6 } from '../ops/index.js';
import { float32 } from '../tensor.js';
import { verify } from '../verify.js';
import { cleanUp } from './clean-up.js';

test('folds batch norms and fuses activations, and counts both', () => {
  const build = new ModelBuilder('m');
  const x = build.input('x', ['batch', 2]);
  const parameter = (id: string, ...data: number[]) =>
    build.parameter(id, float32([data.length], data), 'scale');
  const weight = build.parameter('w', float32([2, 2], [1, -2, 3, 4]), 'weight');
  const sums = build.node('sums', dense, { activation: 'none' }, [x, weight]);
  const normal = build.node('normal', batchNorm, { epsilon: 1 }, [
    sums,
    parameter('gamma', 2, 3),
    parameter('beta', 1, -1),
    parameter('mean', 1, 2),
    parameter('variance', 3, 8),
  ]);
  const y = build.node('y', relu, {}, [normal]);
  build.output(build.node('z', relu6, {}, [y]));
  const model = build.finish();
  const { model: cleaned, ...counts } = cleanUp(model);
  verify(cleaned);
  expect(counts).toEqual({ foldedBatchNorms: 1, fusedActivations: 1 });
  expect(cleaned.nodes.map(({ op }) => op.name)).toEqual(['dense', 'relu6']);
  const feeds = new Map([['x', float32([2, 2], [1, 2, -3, 0.5])]]);
  expect(interpret(cleaned, feeds).get('z')).toEqual(interpret(model, feeds).get('z'));
  expect(cleanUp(cleaned).model).toBe(cleaned);
});

test('leaves integers as they are', () => {
  const build = new ModelBuilder('m');
  const quantization = { scale: Float32Array.of(0.5), zeroPoint: Int32Array.of(3) };
  const x = build.input('x', [1, 2], { dtype: 'int8', quantization });
  const sum = build.node('sum', add, { activation: 'none' }, [x, x], { quantization: [quantization] });
  build.output(build.node('y', relu, {}, [sum], { quantization: [quantization] }));
  const model = build.finish();
  expect(cleanUp(model)).toEqual({ model, foldedBatchNorms: 0, fusedActivations: 0 });
});
