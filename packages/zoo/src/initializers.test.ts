import { describe, expect, it } from 'vitest';
import { createRandom } from '@whittle/core';
import { constant, glorotUniform, heNormal } from './initializers.js';

function moments(data: Float32Array): { mean: number; variance: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return { mean, variance: data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length };
}

describe('initializers', () => {
  it("draws He's weights with variance 2 / fanIn", () => {
    const { data } = heNormal(createRandom(1).at('weights'), [200, 200], 200, 200);
    const { mean, variance } = moments(data);
    expect(Math.abs(mean)).toBeLessThan(0.002);
    expect(variance * 200).toBeCloseTo(2, 1);
  });

  it("draws Glorot's weights inside their limit, with a third of its square as variance", () => {
    const { data } = glorotUniform(createRandom(1).at('weights'), [200, 100], 200, 100);
    const limit = Math.sqrt(6 / 300);
    expect(data.every((value) => Math.abs(value) <= limit)).toBe(true);
    expect(moments(data).variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
  });

  it('fills with a constant', () => {
    expect(constant([2, 2], 0.5).data).toEqual(new Float32Array([0.5, 0.5, 0.5, 0.5]));
  });
});
