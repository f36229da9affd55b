import { gather, tensor, tile } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateNode, scaled } from '../int8-node.fixture.js';

const q = scaled(0.5, 3);
const x = tensor('int8', [1, 3, 2], [1, 2, 3, 4, 5, 6], q);

describe('gather', () => {
  const at = (indices: number[], output = q, dtype: 'int32' | 'int64' = 'int32') => {
    const stored = dtype === 'int32' ? indices : indices.map(BigInt);
    return evaluateNode(
      gather,
      { axis: 1 },
      [x, tensor(dtype, [indices.length], stored as never)],
      output,
      2,
    );
  };

  it('picks entries, in any order and often', async () => {
    expect(await at([2, 0, 2])).toEqual([5, 6, 1, 2, 5, 6]);
  });

  it('refuses other scales, and indices of 64 bits', async () => {
    await expect(at([0], scaled(0.5, 4))).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
    await expect(at([0], q, 'int64')).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });

  it('says which index there is no entry of', async () => {
    await expect(at([3])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH', node: 'y' });
    await expect(at([-1])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH', node: 'y' });
  });
});

describe('tile', () => {
  it('repeats along every axis', async () => {
    expect(await evaluateNode(tile, { multiples: [1, 1, 2] }, [x], q)).toEqual([
      1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6,
    ]);
    expect(await evaluateNode(tile, { multiples: [1, 2, 1] }, [x], q)).toEqual([
      1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6,
    ]);
  });
});
