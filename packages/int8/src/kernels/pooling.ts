import type { MeanAttributes, NodeView, PoolAttributes } from '@whittle/core';
import { sizeOf, stridesOf } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import type { Int8Kernel } from '../lowering.js';
import { meanPlan, poolPlan, reduceMaxPlan } from '../plans/pooling.js';
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

/** MEAN. */
export function prepareMean(n: NodeView<MeanAttributes>): Int8Kernel {
  const plan = meanPlan(n);
  const outputIndex = keptIndex(plan.inputShape, plan.axes);
  return ([input], [output]) => {
    const sums = new Int32Array(output.length);
    for (let i = 0; i < input.length; i++) sums[outputIndex[i]] += input[i] as number;
    for (let o = 0; o < sums.length; o++) {
      const sum = (sums[o] - Math.imul(plan.inputZeroPoint, plan.count)) | 0;
      const y = multiplyByQuantizedMultiplier(sum, plan.multiplier, plan.shift);
      output[o] = clamp((y + plan.outputZeroPoint) | 0, plan.clamp.min, plan.clamp.max);
    }
  };
}

/** REDUCE_MAX, of stored values. */
export function prepareReduceMax(n: NodeView<MeanAttributes>): Int8Kernel {
  const { inputShape, axes } = reduceMaxPlan(n);
  const outputIndex = keptIndex(inputShape, axes);
  return ([input], [output]) => {
    output.fill(-128 as never);
    for (let i = 0; i < input.length; i++) {
      const at = outputIndex[i];
      if (input[i] > output[at]) output[at] = input[i];
    }
  };
}

/** For each element the index of the output that it is part of, when `axes` are averaged. */
function keptIndex(shape: readonly number[], axes: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const kept = stridesOf(shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)));
  return Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.reduce(
      (sum, dim, axis) =>
        axes.includes(axis) ? sum : sum + (Math.floor(i / strides[axis]) % dim) * kept[axis],
      0,
    ),
  );
}
