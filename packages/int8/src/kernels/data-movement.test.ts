import {
  createRandom,
  depthToSpace,
  interpret,
  mirrorPad,
  ModelBuilder,
  resizeNearest,
  singleNodeModel,
  slice,
  spaceToDepth,
  split,
  tensor,
  transpose,
} from '@whittle/core';
import type { OpDefinition, Quantization } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateNode, oneNode, randomInt8, scaled } from '../int8-node.fixture.js';
import { prepareInt8 } from '../prepare-int8.js';

const q = scaled(0.25, -7);
const stream = createRandom(4).at('data-movement');
const range = (axis: number, start: number, size: number, step = 1) => ({ axis, start, size, step });
const how = { alignCorners: false, halfPixelCenters: true };

const cases: readonly (readonly [OpDefinition, object, readonly number[]])[] = [
  [slice, { ranges: [range(1, 3, 2, -3), range(3, 1, 4)] }, [1, 5, 3, 6]],
  [transpose, { permutation: [0, 3, 1, 2] }, [1, 5, 3, 6]],
  [depthToSpace, { blockSize: 3 }, [1, 2, 3, 18]],
  [spaceToDepth, { blockSize: 2 }, [1, 4, 6, 5]],
  [
    mirrorPad,
    { paddings: [margin(0, 0), margin(2, 1), margin(0, 2), margin(1, 1)], mode: 'reflect' },
    [1, 4, 3, 2],
  ],
  [resizeNearest, { size: [5, 9], ...how }, [1, 3, 4, 2]],
];

function margin(before: number, after: number): [number, number] {
  return [before, after];
}

describe('ops that move elements', () => {
  it.each(cases)('%o moves stored values as it moves numbers', async (op, attributes, shape) => {
    const x = randomInt8(stream, shape, q);
    const moved = interpret(singleNodeModel(op, attributes, [{ ...x, quantization: undefined }]), new Map());
    expect(await evaluateNode(op, attributes, [x], q)).toEqual(Array.from(moved.get('y')!.data, Number));
    const other = oneNode(op, attributes, [x], scaled(0.5, -7));
    await expect(prepareInt8(other)).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });

  it('split cuts stored values, each part quantized like the whole', async () => {
    const x = tensor('int8', [1, 2, 3], [1, 2, 3, 4, 5, 6], q);
    const parts = (right: Quantization) => {
      const build = new ModelBuilder('parts');
      const input = build.input('x', x.shape, { dtype: 'int8', quantization: q });
      const quantization = [q, right];
      const attributes = { axis: 2, sizes: [1, 2] as [number, number] };
      build
        .results(['left', 'right'], split, attributes, [input], { quantization })
        .forEach((id) => build.output(id));
      return prepareInt8(build.finish());
    };
    const values = (await parts(q)).run(new Map([['x', x]]));
    expect([...values.get('left')!.data]).toEqual([1, 4]);
    expect([...values.get('right')!.data]).toEqual([2, 3, 5, 6]);
    await expect(parts(scaled(0.5, -7))).rejects.toMatchObject({
      code: 'QUANTIZATION_INVALID',
      node: 'left',
    });
  });

  it.each<[OpDefinition, object, number]>([
    [slice, { ranges: [] }, 6],
    [slice, { ranges: [range(1, 0, 1, 2)] }, 5],
    [transpose, { permutation: [0, 1, 2, 3, 5, 4] }, 6],
  ])('more axes than TFLite Micro takes are refused: %o %j of rank %i', async (op, attributes, rank) => {
    const x = randomInt8(stream, new Array<number>(rank).fill(2), q);
    const model = oneNode(op, attributes, [x], q);
    await expect(prepareInt8(model)).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });
});
