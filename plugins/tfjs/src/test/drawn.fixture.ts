import * as tf from '@tensorflow/tfjs';
import { createRandom, sizeOf, tensor } from '@whittle/core';
import type { RandomStream, Tensor } from '@whittle/core';

/** Numbers between the bounds, the same ones for a seed and a name. */
export function drawn(name: string, shape: readonly number[], bounds: readonly [number, number], seed = 1) {
  const draw = createRandom(seed).at(name, 0);
  return tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => between(draw, bounds)),
  );
}

/** Whole numbers from 0 to below `limit`. */
export function drawnIntegers(name: string, shape: readonly number[], limit: number): Tensor<'float32'> {
  const draw = createRandom(1).at(name, 0);
  return tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => draw.int(limit)),
  );
}

function between(draw: RandomStream, [low, high]: readonly [number, number]): number {
  return low + (high - low) * draw.float();
}

/** Sets a model's weights to drawn ones of no special value; variances are positive. */
export function drawWeights(model: tf.LayersModel): void {
  model.setWeights(
    model.weights.map(({ name, shape }) => {
      const bounds = name.includes('variance') ? ([0.5, 1.5] as const) : ([-0.5, 0.5] as const);
      return tf.tensor(drawn(name, shape as number[], bounds).data, shape as number[]);
    }),
  );
}

export function toTfjs({ dtype, shape, data }: Tensor): tf.Tensor {
  return tf.tensor(data as Float32Array, [...shape], dtype === 'int32' ? 'int32' : 'float32');
}
