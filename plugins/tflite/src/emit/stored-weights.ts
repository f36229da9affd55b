import { tensor } from '@whittle/core';
import type { Id, Model, Tensor } from '@whittle/core';
import { dynamicRangeWeights } from './dynamic-range.js';
import { float16Bits } from './float16-bits.js';

/**
 * How the float weights of a model are stored. `float32`: as they are. `float16`: rounded to float16, with a DEQUANTIZE behind
 * each. `dynamic-range`: those of convolutions, depthwise convolutions and dense layers as int8 with a scale for each channel;
 * a runtime quantizes their inputs as it computes.
 */
export type WeightStorage = 'float32' | 'float16' | 'dynamic-range';

export const weightStorages: readonly WeightStorage[] = ['float32', 'float16', 'dynamic-range'];

export interface StoredWeights {
  /** Whether float constants are stored as float16 where they fit and that makes the file smaller. */
  readonly float16?: boolean;
  /** Int8 weights in place of the float parameters of the model. */
  readonly dynamicRange?: ReadonlyMap<Id, Tensor>;
}

export function storedWeights(model: Model, storage: WeightStorage): StoredWeights {
  if (storage === 'dynamic-range') return { dynamicRange: dynamicRangeWeights(model) };
  return storage === 'float16' ? { float16: true } : {};
}

/** Fewer elements save less than the DEQUANTIZE takes. */
const FEWEST_ELEMENTS = 64;
const LARGEST_FLOAT16 = 65504;

/** A float32 constant in float16; undefined where that gains nothing, or it has finite values that are too large. */
export function inFloat16({ dtype, shape, data }: Tensor): Tensor<'float16'> | undefined {
  if (dtype !== 'float32' || data.length < FEWEST_ELEMENTS) return undefined;
  const values = data as Float32Array;
  if (values.some((value) => Number.isFinite(value) && Math.abs(value) > LARGEST_FLOAT16)) return undefined;
  return tensor('float16', shape, float16Bits(values));
}
