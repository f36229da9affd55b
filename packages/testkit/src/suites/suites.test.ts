import { describe, expect, it } from 'vitest';
import { coreOps, LoweringTable, tensorsEqual, verify } from '@whittle/core';
import { INT8, int8Lowerings } from '@whittle/int8';
import { defaultSeeds } from './op-suite.js';
import { int16OpSuites, int8Suites } from './index.js';

describe('int8Suites and int16OpSuites', () => {
  const suites = int8Suites();
  const all = [...suites, ...int16OpSuites()];

  it('has a suite for every op of core that int8 models have', () => {
    const names = new Set(suites.map(({ name }) => name));
    const table = new LoweringTable(int8Lowerings);
    const missing = coreOps.filter((op) => table.has(INT8, op) && !names.has(op.name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(names).toContain('requantize');
  });

  it.each(all.map((suite) => [suite.name, suite] as const))('%s has valid, distinct cases', (_, suite) => {
    const cases = suite.cases();
    expect(cases).toHaveLength(defaultSeeds.length);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { model, inputs } of cases) {
      verify(model);
      expect(inputs.every((tensors) => tensors.length === model.inputs.length)).toBe(true);
    }
  });

  it('draws the same cases each time', () => {
    all.forEach((suite) => {
      const [a, b] = [suite.cases(), suite.cases()];
      expect(a.map(({ name }) => name)).toEqual(b.map(({ name }) => name));
      expect(tensorsEqual(a[0].inputs[0][0], b[0].inputs[0][0])).toBe(true);
    });
  });

  it('covers the options of convolutions', () => {
    const labels = (name: string) =>
      suites
        .find((suite) => suite.name === name)!
        .cases()
        .map((each) => each.name)
        .join('\n');
    const conv = labels('conv2d');
    for (const part of ['same', 'valid', 'groups', 'dilation', 'kernel 1x1', 'no bias', 'relu6', 'stride 3'])
      expect(conv, part).toContain(part);
    expect(labels('depthwise_conv2d')).toMatch(/multiplier [23]/);
  });
});
