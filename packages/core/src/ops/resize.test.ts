import { describe, expect, it } from 'vitest';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { mirrorPad } from './mirror-pad.js';
import { counting, run, tiesOf } from './op-under-test.fixture.js';
import { resizeBilinear, resizeNearest } from './resize.js';
import type { ResizeAttributes } from './resize.js';

const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });
const to = (width: number, how: Partial<ResizeAttributes> = {}): ResizeAttributes => ({
  size: [1, width],
  alignCorners: false,
  halfPixelCenters: false,
  ...how,
});
const corners = { alignCorners: true };
const centres = { halfPixelCenters: true };
const row = float32([1, 1, 4, 1], [10, 20, 30, 40]);

describe('resize_nearest', () => {
  it.each<[ResizeAttributes, number[]]>([
    [to(8), [10, 10, 20, 20, 30, 30, 40, 40]],
    [to(3), [10, 20, 30]],
    [to(3, centres), [10, 30, 40]],
    [to(2, corners), [10, 40]],
    [to(7, corners), [10, 20, 20, 30, 30, 40, 40]],
    [to(1, corners), [10]],
    [to(6, { ...corners, ...centres }), [10, 20, 30, 30, 40, 40]],
  ])('%j', (attributes, expected) => {
    expect([...run(resizeNearest, attributes, row).data]).toEqual(expected);
  });
});

describe('resize_bilinear', () => {
  it.each<[ResizeAttributes, number[]]>([
    [to(8), [10, 15, 20, 25, 30, 35, 40, 40]],
    [to(2), [10, 30]],
    [to(7, corners), [10, 15, 20, 25, 30, 35, 40]],
    [to(8, centres), [10, 12.5, 17.5, 22.5, 27.5, 32.5, 37.5, 40]],
    [to(2, centres), [15, 35]],
  ])('%j', (attributes, expected) => {
    expect([...run(resizeBilinear, attributes, row).data]).toEqual(expected);
  });

  it('is bilinear, and keeps the channels', () => {
    const resized = run(resizeBilinear, { ...to(3, corners), size: [3, 3] }, counting(1, 2, 2, 2));
    expect([...resized.data]).toEqual([1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 5, 6, 5, 6, 6, 7, 7, 8]);
    for (const op of [resizeNearest, resizeBilinear])
      expect(tiesOf(op, to(9), { shape: ['batch', 2, 2, 5] })).toEqual([
        ['x0:0[0+1]', 'y:0[0+1]'],
        ['x0:3[0+5]', 'y:3[0+5]'],
      ]);
  });

  it('refuses corners and centres at once, and what is no image', () => {
    const both = to(2, { ...corners, ...centres });
    expect(() => singleNodeModel(resizeBilinear, both, [{ shape: ['batch', 2, 2, 5] }])).toThrow(mismatch);
    expect(() => singleNodeModel(resizeBilinear, to(2), [{ shape: ['batch', 2, 5] }])).toThrow(mismatch);
    expect(() => singleNodeModel(resizeNearest, to(2), [{ shape: ['batch', 2, 5] }])).toThrow(mismatch);
  });
});

describe('mirror_pad', () => {
  const pad = (before: number, after: number, mode: 'reflect' | 'symmetric') => ({
    paddings: [
      [0, 0],
      [before, after],
    ] as [number, number][],
    mode,
  });

  it('mirrors with and without the edge', () => {
    const x = float32([1, 4], [1, 2, 3, 4]);
    expect([...run(mirrorPad, pad(3, 2, 'reflect'), x).data]).toEqual([4, 3, 2, 1, 2, 3, 4, 3, 2]);
    expect([...run(mirrorPad, pad(4, 1, 'symmetric'), x).data]).toEqual([4, 3, 2, 1, 1, 2, 3, 4, 4]);
  });

  it('refuses margins that are wider than what they mirror, and the batch', () => {
    const x = { shape: ['batch', 4] } as const;
    expect(() => singleNodeModel(mirrorPad, pad(4, 0, 'reflect'), [x])).toThrow(mismatch);
    expect(() => singleNodeModel(mirrorPad, pad(0, 5, 'symmetric'), [x])).toThrow(mismatch);
    const first = {
      paddings: [[1, 0] as [number, number], [0, 0] as [number, number]],
      mode: 'reflect' as const,
    };
    expect(() => singleNodeModel(mirrorPad, first, [x])).toThrow(mismatch);
    expect(() => singleNodeModel(mirrorPad, { ...first, paddings: [[0, 0]] }, [x])).toThrow(mismatch);
  });
});
