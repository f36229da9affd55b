import { describe, expect, it } from 'vitest';
import { ModelBuilder, relu } from '@whittle/core';
import { sequence, sequenceInputs } from './sequence.js';

/** The definition, in integers of any size. */
function reference(seed: number, count: number): number[] {
  let state = BigInt(seed);
  return Array.from({ length: count }, () => {
    state = (state * 1664525n + 1013904223n) % 2n ** 32n;
    return Number(BigInt.asIntN(8, state >> 24n));
  });
}

describe('sequence', () => {
  it.each([1, 2, 32, 2 ** 31])('follows its definition from seed %i', (seed) => {
    expect([...sequence(seed, [10, 50]).data]).toEqual(reference(seed, 500));
  });

  it('gives other types of the same states', () => {
    const int8 = [...(sequence(7, [100]).data as Int8Array)];
    expect([...sequence(7, [100], 'uint8').data]).toEqual(int8.map((x) => x & 255));
    expect([...sequence(7, [100], 'float32').data]).toEqual(int8.map((x) => x / 128));
    expect([...(sequence(7, [100], 'int32').data as Int32Array)].map((x) => x >> 24)).toEqual(int8);
    expect([...(sequence(7, [100], 'bool').data as Uint8Array)]).toEqual(int8.map((x) => (x < 0 ? 1 : 0)));
    expect(() => sequence(1, [2], 'int64')).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
  });

  it('runs on from one input of a model to the next', () => {
    const builder = new ModelBuilder('two');
    const a = builder.input('a', ['batch', 3], { dtype: 'int8' });
    builder.input('b', ['batch', 4], { dtype: 'int8' });
    builder.output(builder.node('y', relu, {}, [a]));
    const inputs = sequenceInputs(builder.finish(), 5);
    expect(inputs.map(({ shape }) => shape)).toEqual([
      [1, 3],
      [1, 4],
    ]);
    expect(inputs.flatMap(({ data }) => [...(data as Int8Array)])).toEqual(reference(5, 7));
  });
});
