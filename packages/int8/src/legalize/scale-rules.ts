import {
  averagePool2d,
  concat,
  depthToSpace,
  flatten,
  maximum,
  maxPool2d,
  minimum,
  mirrorPad,
  pad,
  reduceMax,
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
  transpose,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { INT16_UNIT_SCALE } from '../plans/sigmoid-int16.js';
import { PROBABILITY_SCALE } from '../plans/softmax.js';
import type { ActivationDType, TensorScale } from '../quantized-type.js';
import { TANH_SCALE } from '../tables/sigmoids.js';

/** What an integer kernel demands of the scales around it: one for all operands and the result, or a fixed one of the result. */
export type ScaleRule = { readonly kind: 'equal' } | { readonly kind: 'fixed'; readonly scale: TensorScale };

/** Ops that move stored values, or mix them without rescaling. */
const moving = [
  pad,
  mirrorPad,
  reshape,
  flatten,
  concat,
  slice,
  split,
  transpose,
  depthToSpace,
  spaceToDepth,
  resizeNearest,
  resizeBilinear,
] as const;

const keeping: ReadonlySet<string> = new Set(
  [averagePool2d, maxPool2d, reduceMax, maximum, minimum, relu6, ...moving].map(({ name }) => name),
);

/** The only scale that a kernel writes, by the type of its activations. */
const fixed: ReadonlyMap<string, Readonly<Record<ActivationDType, TensorScale>>> = new Map([
  [softmax.name, { int8: PROBABILITY_SCALE, int16: INT16_UNIT_SCALE }],
  [sigmoid.name, { int8: PROBABILITY_SCALE, int16: INT16_UNIT_SCALE }],
  [tanh.name, { int8: TANH_SCALE, int16: INT16_UNIT_SCALE }],
]);

/** The rule of an op's kernel for activations of a type; undefined where any scales will do, as the kernel rescales. */
export function scaleRuleOf(
  op: Pick<OpDefinition, 'name'>,
  dtype: ActivationDType = 'int8',
): ScaleRule | undefined {
  if (keeping.has(op.name)) return { kind: 'equal' };
  const scales = fixed.get(op.name);
  return scales && { kind: 'fixed', scale: scales[dtype] };
}
