import {
  averagePool2d,
  concat,
  cumsum,
  depthToSpace,
  flatten,
  gather,
  l2Normalize,
  logSoftmax,
  maximum,
  maxPool2d,
  minimum,
  mirrorPad,
  pad,
  reduceMax,
  reduceMin,
  relu6,
  reshape,
  resizeBilinear,
  resizeNearest,
  sigmoid,
  slice,
  softmax,
  spaceToDepth,
  split,
  tanh,
  tile,
  transpose,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { UNIT_VECTOR_SCALE } from '../plans/l2-normalization.js';
import { LOG_PROBABILITY_SCALE } from '../plans/log-softmax.js';
import { INT16_UNIT_SCALE } from '../plans/sigmoid-int16.js';
import { PROBABILITY_SCALE } from '../plans/softmax.js';
import type { ActivationDType, TensorScale } from '../quantized-type.js';
import { TANH_SCALE } from '../tables/sigmoids.js';

/**
 * What an integer kernel demands of the scales around it: one for all operands and the result, a fixed one of the result, or
 * operands with zero point 0.
 */
export type ScaleRule =
  | { readonly kind: 'equal' }
  | { readonly kind: 'fixed'; readonly scale: TensorScale }
  | { readonly kind: 'centred' };

/** Ops that move stored values, or mix them without rescaling. */
const moving = [
  pad,
  mirrorPad,
  reshape,
  flatten,
  concat,
  slice,
  split,
  tile,
  gather,
  transpose,
  depthToSpace,
  spaceToDepth,
  resizeNearest,
  resizeBilinear,
] as const;

const keeping: ReadonlySet<string> = new Set(
  [averagePool2d, maxPool2d, reduceMax, reduceMin, maximum, minimum, relu6, ...moving].map(
    ({ name }) => name,
  ),
);

/** The only scale that a kernel writes, by the type of its activations. */
const fixed = new Map<string, Readonly<Partial<Record<ActivationDType, TensorScale>>>>([
  [softmax.name, { int8: PROBABILITY_SCALE, int16: INT16_UNIT_SCALE }],
  [sigmoid.name, { int8: PROBABILITY_SCALE, int16: INT16_UNIT_SCALE }],
  [tanh.name, { int8: TANH_SCALE, int16: INT16_UNIT_SCALE }],
  [logSoftmax.name, { int8: LOG_PROBABILITY_SCALE }],
  [l2Normalize.name, { int8: UNIT_VECTOR_SCALE }],
]);

/** The rule of an op's kernel for activations of a type; undefined where any scales will do, as the kernel rescales. */
export function scaleRuleOf(
  op: Pick<OpDefinition, 'name'>,
  dtype: ActivationDType = 'int8',
): ScaleRule | undefined {
  if (keeping.has(op.name)) return { kind: 'equal' };
  if (op.name === cumsum.name) return { kind: 'centred' };
  const scale = fixed.get(op.name)?.[dtype];
  return scale && { kind: 'fixed', scale };
}
