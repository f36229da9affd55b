import type { NodeView, PoolAttributes } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { poolPlan } from '../plans/pooling.js';
import type { PoolPlan } from '../plans/pooling.js';
import { clamp, divideTruncating } from '../rounding.js';

/** AVERAGE_POOL_2D: the mean of the pixels inside the image, halves away from zero. */
export function prepareAveragePool2d(n: NodeView<PoolAttributes>): Int8Kernel {
  return pool(poolPlan(n), 0, (sum, x) => sum + x, divideRounding);
}

/** MAX_POOL_2D: the maximum of the pixels inside the image. */
export function prepareMaxPool2d(n: NodeView<PoolAttributes>): Int8Kernel {
  return pool(poolPlan(n), -Infinity, Math.max, (largest) => largest);
}

function divideRounding(sum: number, count: number): number {
  const half = Math.floor(count / 2);
  return divideTruncating(sum > 0 ? sum + half : sum - half, count);
}

function pool(
  plan: PoolPlan,
  initial: number,
  step: (folded: number, x: number) => number,
  finish: (folded: number, count: number) => number,
): Int8Kernel {
  const { inputHeight, inputWidth, inputChannels: channels, clamp: range } = plan;
  return ([input], [output]) => {
    let at = 0;
    for (let image = 0; image < plan.batch; image++)
      for (let oy = 0; oy < plan.outputHeight; oy++)
        for (let ox = 0; ox < plan.outputWidth; ox++) {
          const y = oy * plan.strideHeight - plan.padTop;
          const x = ox * plan.strideWidth - plan.padLeft;
          const [top, bottom] = [Math.max(0, y), Math.min(inputHeight, y + plan.kernelHeight)];
          const [left, right] = [Math.max(0, x), Math.min(inputWidth, x + plan.kernelWidth)];
          const count = (bottom - top) * (right - left);
          for (let c = 0; c < channels; c++, at++) {
            let folded = initial;
            for (let iy = top; iy < bottom; iy++)
              for (let ix = left; ix < right; ix++)
                folded = step(
                  folded,
                  input[((image * inputHeight + iy) * inputWidth + ix) * channels + c] as number,
                );
            output[at] = clamp(finish(folded, count), range.min, range.max);
          }
        }
  };
}
