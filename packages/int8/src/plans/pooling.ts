import { imageOf, WhittleError, windowGeometry } from '@whittle/core';
import type { NodeView, PoolAttributes } from '@whittle/core';
import { activationRange } from '../activation-range.js';
import type { ClampRange } from '../activation-range.js';
import { expectEqualScales, INT8_OR_INT16, STORED_RANGE } from '../quantized-type.js';
import { INT32_MAX } from '../rounding.js';
import { windowPlan } from './convolution.js';
import type { WindowPlan } from './convolution.js';

/** What AVERAGE_POOL_2D and MAX_POOL_2D need: stored values are pooled as they are, then clamped. */
export interface PoolPlan extends WindowPlan {
  readonly clamp: ClampRange;
}

/**
 * @throws QUANTIZATION_INVALID unless input and output scales are equal; OP_UNSUPPORTED for explicit padding, and for
 * windows whose sum may leave 32 bits
 */
export function poolPlan(n: NodeView<PoolAttributes>): PoolPlan {
  const output = expectEqualScales(n, INT8_OR_INT16);
  const { size, strides, activation, padding } = n.attributes;
  if (typeof padding !== 'string')
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: pooling with margins of ${Object.values(padding).join(', ')} has no counterpart in TFLite`,
      { node: n.name },
    );
  const largest = -STORED_RANGE[output.dtype].min * size[0] * size[1];
  if (largest > INT32_MAX)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: the sum of a window of ${size[0]} x ${size[1]} may leave 32 bits`,
      { node: n.name },
    );
  return {
    ...windowPlan(n, windowGeometry(n, n.attributes, imageOf(n), size), strides),
    kernelHeight: size[0],
    kernelWidth: size[1],
    clamp: activationRange(n, activation, output),
  };
}
