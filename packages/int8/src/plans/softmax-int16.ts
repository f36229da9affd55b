import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import type { Multiplier } from '../fixed-point.js';
import { expectSymmetricInt16, inputScale } from '../quantized-type.js';
import { tabulateInt16 } from '../tables/int16-lookup.js';
import { rescale } from './multipliers.js';
import { expectInt16UnitScale } from './sigmoid-int16.js';

/**
 * What TFLM's Prepare derives for SOFTMAX of int16. multiplier and shift hold beta * scale / (10 / 65535): the distance
 * below the row's maximum in steps of the table of exponentials, which ends at -10.
 */
export interface SoftmaxInt16Plan extends Multiplier {
  readonly rows: number;
  /** Elements of a row, below 65,536. */
  readonly depth: number;
}

const step = (span: number) => Math.fround(span / 65535);

/** exp on [-10, 0], scaled by 32767.5. */
export const EXP_INT16_TABLE = tabulateInt16(
  Math.exp,
  { scale: step(10), zeroPoint: 32767 },
  { scale: step(2), zeroPoint: 0 },
);

/** 1 / (1 + x) on [0, 1], scaled by 32767.5. */
export const RECIPROCAL_INT16_TABLE = tabulateInt16(
  (x) => 1 / Math.fround(1 + x),
  { scale: step(1), zeroPoint: -32768 },
  { scale: step(2), zeroPoint: 0 },
);

/**
 * @throws QUANTIZATION_INVALID unless zero points are 0 and the output has scale 2^-15; OP_UNSUPPORTED for rows of 65,536
 * or more, whose sum may leave 32 bits
 */
export function softmaxInt16Plan(n: NodeView<{ readonly beta: number }>): SoftmaxInt16Plan {
  const input = inputScale(n, 0, ['int16']);
  expectSymmetricInt16(n, input, 'input');
  expectInt16UnitScale(n);
  const shape = concrete(n.inputs[0].shape);
  const depth = shape[shape.length - 1];
  if (depth >= 65536)
    throw new WhittleError('OP_UNSUPPORTED', `${n.name}: softmax takes rows below 65536, found ${depth}`, {
      node: n.name,
    });
  const factor = (input.scale * Math.fround(n.attributes.beta)) / (10 / 65535);
  return { ...rescale(n, factor), rows: sizeOf(shape) / depth, depth };
}
