import { z } from 'zod';
import { expectShape } from '../op.js';
import { defineSelection, fixedAxis } from './selection.js';

const margin = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);

export const mirrorPadAttributes = z
  .object({ paddings: z.array(margin), mode: z.enum(['reflect', 'symmetric']) })
  .strict();
export type MirrorPadAttributes = z.infer<typeof mirrorPadAttributes>;

/** Surrounds a tensor with its mirror image: `symmetric` repeats the elements at the edge, `reflect` doesn't. */
export const mirrorPad = defineSelection<MirrorPadAttributes>('mirror_pad', mirrorPadAttributes, (n) => {
  const { paddings, mode } = n.attributes;
  const { shape } = n.inputs[0];
  expectShape(
    paddings.length === shape.length,
    n,
    () => `paddings for ${paddings.length} axes don't fit [${shape.join(', ')}]`,
  );
  const edge = mode === 'reflect' ? 1 : 0;
  return paddings.map(([before, after], axis) => {
    if (before + after === 0) return undefined;
    const extent = fixedAxis(n, axis);
    expectShape(
      Math.max(before, after) <= extent - edge,
      n,
      () => `margins of ${before} and ${after} are wider than the ${extent - edge} that axis ${axis} mirrors`,
    );
    return Array.from({ length: before + extent + after }, (_, i) => {
      const at = i - before;
      return at < 0 ? -at - 1 + edge : at < extent ? at : 2 * extent - 1 - edge - at;
    });
  });
});
