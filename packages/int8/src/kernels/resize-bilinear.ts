import type { NodeView, ResizeAttributes } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { RESIZE_ONE, resizeBilinearPlan } from '../plans/resize.js';
import type { ResizeAxis } from '../plans/resize.js';
import { divideTruncating } from '../rounding.js';

/** The two neighbours of an output pixel, and how far from the lower to the upper one it lies. */
interface Sample {
  readonly low: number;
  readonly high: number;
  readonly fraction: number;
}

/** RESIZE_BILINEAR: weights of 20 fractional bits, halves away from zero. */
export function prepareResizeBilinear(n: NodeView<ResizeAttributes>): Int8Kernel {
  const plan = resizeBilinearPlan(n);
  const { channels } = plan;
  const [rows, columns] = [plan.rows, plan.columns].map(samples);
  const [height, width] = [plan.rows.from, plan.columns.from];
  const half = RESIZE_ONE ** 2 / 2;
  return ([input], [output]) => {
    let at = 0;
    for (let image = 0; image < plan.batch; image++) {
      const pixel = (y: number, x: number, c: number) =>
        input[((image * height + y) * width + x) * channels + c] as number;
      for (const v of rows)
        for (const h of columns)
          for (let c = 0; c < channels; c++) {
            const upper =
              pixel(v.low, h.low, c) * (RESIZE_ONE - h.fraction) + pixel(v.low, h.high, c) * h.fraction;
            const lower =
              pixel(v.high, h.low, c) * (RESIZE_ONE - h.fraction) + pixel(v.high, h.high, c) * h.fraction;
            const sum = upper * (RESIZE_ONE - v.fraction) + lower * v.fraction;
            output[at++] = divideTruncating(sum > 0 ? sum + half : sum - half, RESIZE_ONE ** 2);
          }
    }
  };
}

/** Beyond the image's edge the fraction is negative or above one, with both neighbours at the edge. */
function samples({ from, to, scale, offset }: ResizeAxis): Sample[] {
  return Array.from({ length: to }, (_, i) => {
    const position = i * scale + offset;
    const low = Math.max(divideTruncating(position, RESIZE_ONE), 0);
    const high = Math.min(divideTruncating(position + RESIZE_ONE - 1, RESIZE_ONE), from - 1);
    return { low, high, fraction: position - RESIZE_ONE * low };
  });
}
