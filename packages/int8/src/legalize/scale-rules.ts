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
import { PROBABILITY_SCALE } from '../plans/softmax.js';
import type { TensorScale } from '../quantized-type.js';
import { TANH_SCALE } from '../tables/sigmoids.js';

/** What an int8 kernel demands of the scales around it: one for all operands and the result, or a fixed one of the result. */
export type ScaleRule = { readonly kind: 'equal' } | { readonly kind: 'fixed'; readonly scale: TensorScale };

const equal: ScaleRule = { kind: 'equal' };

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

const rules: ReadonlyMap<string, ScaleRule> = new Map<string, ScaleRule>([
  ...[averagePool2d, maxPool2d, reduceMax, maximum, minimum, relu6, ...moving].map(
    (op) => [op.name, equal] as const,
  ),
  [softmax.name, { kind: 'fixed', scale: PROBABILITY_SCALE }],
  [sigmoid.name, { kind: 'fixed', scale: PROBABILITY_SCALE }],
  [tanh.name, { kind: 'fixed', scale: TANH_SCALE }],
]);

/** The rule of an op's int8 kernel; undefined where any scales will do, as the kernel rescales. */
export function scaleRuleOf(op: Pick<OpDefinition, 'name'>): ScaleRule | undefined {
  return rules.get(op.name);
}
