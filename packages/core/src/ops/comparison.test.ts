import { describe, expect, it } from 'vitest';
import { float32, tensor } from '../tensor.js';
import { singleNodeModel } from '../single-node.js';
import * as ops from './index.js';
import { run, tiesOf } from './op-under-test.fixture.js';

const a = float32([1, 4], [1, 2, 3, NaN]);
const b = float32([1, 1], [2]);
const bools = (...data: number[]) => tensor('bool', [1, data.length], data);

describe('comparisons', () => {
  it.each([
    [ops.equal, [0, 1, 0, 0]],
    [ops.notEqual, [1, 0, 1, 1]],
    [ops.less, [1, 0, 0, 0]],
    [ops.lessEqual, [1, 1, 0, 0]],
    [ops.greater, [0, 0, 1, 0]],
    [ops.greaterEqual, [0, 1, 1, 0]],
  ] as const)('$name says where it holds, and what of NaN', (op, expected) => {
    expect(run(op, {}, a, b)).toEqual(bools(...expected));
  });

  it('tell int64 apart beyond what doubles hold', () => {
    const large = 2n ** 60n;
    const x = tensor('int64', [1, 2], BigInt64Array.of(large, large + 1n));
    const y = tensor('int64', [1, 1], BigInt64Array.of(large));
    expect(run(ops.equal, {}, x, y)).toEqual(bools(1, 0));
    expect(run(ops.greater, {}, x, y)).toEqual(bools(0, 1));
  });

  it('take one type, and an order takes no bools', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' }) as Error;
    expect(() => singleNodeModel(ops.less, {}, [a, tensor('int32', [1, 4])])).toThrow(refused);
    expect(() => singleNodeModel(ops.less, {}, [bools(1), bools(0)])).toThrow(refused);
    expect(run(ops.equal, {}, bools(1, 0), bools(1, 1))).toEqual(bools(1, 0));
  });

  it('pin the innermost axis', () => {
    expect(tiesOf(ops.less, {}, a, a)).toEqual([['y:0[0+1]', 'x0:0[0+1]', 'x1:0[0+1]']]);
  });
});

describe('logic', () => {
  const x = bools(0, 0, 1, 1);
  const y = bools(0, 1, 0, 1);

  it('is that of truth tables', () => {
    expect(run(ops.logicalAnd, {}, x, y)).toEqual(bools(0, 0, 0, 1));
    expect(run(ops.logicalOr, {}, x, y)).toEqual(bools(0, 1, 1, 1));
    expect(run(ops.logicalNot, {}, x)).toEqual(bools(1, 1, 0, 0));
  });

  it('takes bools alone', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' }) as Error;
    expect(() => singleNodeModel(ops.logicalAnd, {}, [a, a])).toThrow(refused);
    expect(() => singleNodeModel(ops.logicalNot, {}, [a])).toThrow(refused);
  });
});

describe('where', () => {
  it('picks elements, of NaN no trace', () => {
    expect(run(ops.where, {}, bools(1, 1, 1, 0), a, b)).toEqual(float32([1, 4], [1, 2, 3, 2]));
    expect(run(ops.where, {}, bools(0, 0, 0, 1), b, a).data).toEqual(Float32Array.of(1, 2, 3, 2));
  });

  it('broadcasts all three, of any type', () => {
    const condition = tensor('bool', [2, 1], [1, 0]);
    const from = tensor('int32', [1, 3], [1, 2, 3]);
    expect(run(ops.where, {}, condition, from, tensor('int32', [], [9]))).toEqual(
      tensor('int32', [2, 3], [1, 2, 3, 9, 9, 9]),
    );
    expect(run(ops.where, {}, tensor('bool', [], [0]), from, from)).toEqual(from);
  });

  it('refuses other conditions, two types, and shapes that do not broadcast', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' }) as Error;
    expect(() => singleNodeModel(ops.where, {}, [a, a, a])).toThrow(refused);
    expect(() => singleNodeModel(ops.where, {}, [bools(1), a, tensor('int32', [1, 4])])).toThrow(refused);
    expect(() => singleNodeModel(ops.where, {}, [bools(1, 0), a, a])).toThrow(refused);
  });
});
