import { z } from 'zod';
import type { Dim } from '../model.js';
import type { InferView, NodeView, RowWindow } from '../op.js';
import { expectShape } from '../op.js';

/** Rows above and below, columns left and right, that a sliding window sees beyond the image. */
export interface ExplicitPadding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const extent = z.number().int().nonnegative();
const positive = z.number().int().positive();

/** 'same' gives ceil(in / stride) outputs with the odd unit of padding at the bottom right, 'valid' pads nothing. */
export const padding = z.union([
  z.enum(['same', 'valid']),
  z.object({ top: extent, bottom: extent, left: extent, right: extent }),
]);
export type Padding = z.infer<typeof padding>;

/** [rows, columns], each at least 1. */
export const pair = z.tuple([positive, positive]);
export type Pair = z.infer<typeof pair>;

export interface WindowAttributes {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations?: Pair;
}

/** Where a window of `kernel` lies on an image: output extents and the padding on each side. */
export interface WindowGeometry extends ExplicitPadding {
  readonly outHeight: number;
  readonly outWidth: number;
}

/** @throws SHAPE_MISMATCH where the window doesn't fit on the padded image. */
export function windowGeometry(
  n: { readonly name: string },
  attributes: WindowAttributes,
  image: readonly [number, number],
  kernel: Pair,
): WindowGeometry {
  const rows = axisGeometry(n, attributes, image[0], kernel[0], 0);
  const columns = axisGeometry(n, attributes, image[1], kernel[1], 1);
  return {
    outHeight: rows.out,
    top: rows.before,
    bottom: rows.after,
    outWidth: columns.out,
    left: columns.before,
    right: columns.after,
  };
}

function axisGeometry(
  n: { readonly name: string },
  attributes: WindowAttributes,
  size: number,
  kernel: number,
  axis: 0 | 1,
) {
  const stride = attributes.strides[axis];
  const reach = (kernel - 1) * (attributes.dilations?.[axis] ?? 1) + 1;
  const { padding: p } = attributes;
  if (p === 'same') {
    const out = Math.ceil(size / stride);
    const total = Math.max(0, (out - 1) * stride + reach - size);
    const before = Math.floor(total / 2);
    return { out, before, after: total - before };
  }
  const before = p === 'valid' ? 0 : axis === 0 ? p.top : p.left;
  const after = p === 'valid' ? 0 : axis === 0 ? p.bottom : p.right;
  const out = Math.floor((size + before + after - reach) / stride) + 1;
  expectShape(
    out > 0,
    n,
    () =>
      `a window of ${reach} doesn't fit on ${size} + ${before} + ${after} ${axis === 0 ? 'rows' : 'columns'}`,
  );
  return { out, before, after };
}

/** The rows that a sliding window of `kernelHeight` rows needs. */
export function windowRows<A extends WindowAttributes>(
  attributes: A,
  { top, left, right }: WindowGeometry,
  kernelHeight: number,
): RowWindow<A> {
  return {
    stride: attributes.strides[0],
    before: top,
    reach: (kernelHeight - 1) * (attributes.dilations?.[0] ?? 1) + 1,
    stripe: (rows) => ({ ...attributes, padding: { ...rows, left, right } }),
  };
}

/** Every output row needs the same row of the operands, where the output is an image. */
export function sameRows<A>(n: NodeView<A>): RowWindow<A> | undefined {
  if (n.outputs[0].shape.length !== 4) return undefined;
  return { stride: 1, before: 0, reach: 1, stripe: () => n.attributes };
}

/** Height and width of an NHWC shape, which must be fixed. */
export function imageOf(n: InferView<unknown>, index = 0): [number, number] {
  const [, height, width] = n.inputs[index].shape;
  return [fixed(n, height, 'height'), fixed(n, width, 'width')];
}

/** An extent that must be a number. @throws SHAPE_MISMATCH where it is the batch. */
export function fixed(n: { readonly name: string }, dim: Dim, what: string): number {
  expectShape(typeof dim === 'number', n, () => `${what} must be fixed, found the batch dimension`);
  return dim;
}
