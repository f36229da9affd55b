import { z } from 'zod';
import { expectShape } from '../op.js';
import { defineSelection, fixedAxis } from './selection.js';

export const tileAttributes = z.object({ multiples: z.array(z.number().int().positive()) }).strict();
export type TileAttributes = z.infer<typeof tileAttributes>;

/** Repeats a tensor along its axes, multiples[axis] times each. The batch stays as it is. */
export const tile = defineSelection<TileAttributes>('tile', tileAttributes, (n) => {
  const { multiples } = n.attributes;
  const { shape } = n.inputs[0];
  expectShape(
    multiples.length === shape.length,
    n,
    () => `multiples of ${multiples.length} axes, expected ${shape.length}`,
  );
  return multiples.map((times, axis) => {
    if (times === 1) return undefined;
    const extent = fixedAxis(n, axis);
    return Array.from({ length: extent * times }, (_, i) => i % extent);
  });
});
