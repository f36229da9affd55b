import { concrete } from '@whittle/core';
import type { NodeView, ResizeAttributes } from '@whittle/core';
import { expectEqualScales } from '../quantized-type.js';

/** Positions along one axis of a bilinear resize, with 10 fractional bits: output pixel i lies at i * scale + offset. */
export interface ResizeAxis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly offset: number;
}

/** What RESIZE_BILINEAR of int8 needs. */
export interface ResizeBilinearPlan {
  readonly batch: number;
  readonly channels: number;
  readonly rows: ResizeAxis;
  readonly columns: ResizeAxis;
}

/** One pixel, in the positions of a bilinear resize. */
export const RESIZE_ONE = 1024;

/** @throws QUANTIZATION_INVALID unless the scales are equal */
export function resizeBilinearPlan(n: NodeView<ResizeAttributes>): ResizeBilinearPlan {
  expectEqualScales(n);
  const [batch, height, width, channels] = concrete(n.inputs[0].shape);
  const { size } = n.attributes;
  return {
    batch,
    channels,
    rows: resizeAxis(n.attributes, height, size[0]),
    columns: resizeAxis(n.attributes, width, size[1]),
  };
}

function resizeAxis(
  { alignCorners, halfPixelCenters }: ResizeAttributes,
  from: number,
  to: number,
): ResizeAxis {
  const [distance, steps] = alignCorners && to > 1 ? [from - 1, to - 1] : [from, to];
  const scale = Math.floor((RESIZE_ONE * distance + Math.floor(steps / 2)) / steps);
  const offset = halfPixelCenters ? Math.floor(scale / 2) - RESIZE_ONE / 2 : 0;
  return { from, to, scale, offset };
}
