import { dense, flatten, LoweringTable, ModelBuilder, relu, tensor } from '@whittle/core';
import type { Quantization } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { arenaBytesOf, weightBytesOf } from './program.js';

const lowerings = new LoweringTable(kernelLowerings);
const unit: Quantization = { scale: Float32Array.of(1), zeroPoint: Int32Array.of(0) };

describe('buildProgram', () => {
  test('plans tensors and scratch together, views and in-place results without memory of their own', async () => {
    const program = await buildProgram(integerNetwork(), lowerings);
    const at = (id: string) => program.values.get(id)?.offset;
    expect(at('flat')).toBe(at('pooled'));
    expect(at('sum')).toBe(at('stem'));
    expect(at('probabilities')).toBe(at('scores'));
    // stem is read again by the sum, so nothing may replace it before.
    expect(at('spatial')).not.toBe(at('stem'));
    expect(program.memory.optimal).toBe(true);
    expect(arenaBytesOf(program)).toBe(program.memory.lowerBound);
  });

  test('counts weights, biases and multipliers', async () => {
    const program = await buildProgram(integerNetwork(12, 6, 10), lowerings);
    const weights = 9 * 6 + 9 * 6 + 6 * 6 + 216 * 10;
    // Four bytes of bias, four of multiplier and one of shift a channel. Equal tables of two layers are kept once.
    const channels = 6 + 6 + 6 + 10;
    const shared = (6 + 6) * 5 - program.constants.filter(({ symbol }) => /mult|shift/.test(symbol)).length;
    expect(weightBytesOf(program)).toBeLessThanOrEqual(weights + 9 * channels);
    expect(weightBytesOf(program)).toBeGreaterThanOrEqual(weights + 9 * channels - shared);
  });

  test('names every node that can not be lowered', async () => {
    const none = new LoweringTable([]);
    await expect(buildProgram(integerNetwork(), none)).rejects.toThrow(/8 nodes[^]*stem[^]*probabilities/);
  });

  test('refuses models that are not quantized', async () => {
    const builder = new ModelBuilder('floats');
    builder.output(builder.node('y', relu, {}, [builder.input('x', ['batch', 4])]));
    await expect(buildProgram(builder.finish(), lowerings)).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
    });
  });

  test('refuses sums that could overflow', async () => {
    const builder = new ModelBuilder('large');
    const x = builder.input('x', ['batch', 100, 100], { dtype: 'int8', quantization: unit });
    const flat = builder.node('flat', flatten, {}, [x], { quantization: [unit] });
    const weight = builder.parameter(
      'weight',
      tensor('int8', [10000, 1], new Int8Array(10000).fill(127), unit),
      'weight',
    );
    const bias = builder.parameter('bias', tensor('int32', [1], [2 ** 30]), 'bias');
    builder.output(
      builder.node('y', dense, { activation: 'none' }, [flat, weight, bias], {
        quantization: [{ scale: Float32Array.of(1e6), zeroPoint: Int32Array.of(0) }],
      }),
    );
    await expect(buildProgram(builder.finish(), lowerings)).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      node: 'y',
    });
  });
});
