import type { NodeView, SvdfAttributes, Tensor, TypedArray } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { constantData } from '../lowering.js';
import type { Int8Kernel } from '../lowering.js';
import { svdfPlan } from '../plans/svdf.js';
import type { SvdfPlan } from '../plans/svdf.js';
import { STORED_RANGE } from '../quantized-type.js';
import { clamp } from '../rounding.js';
import { multiplyRows, rowsByOutput } from './linear-weights.js';

/** SVDF with a state of int8 or int16. */
export function prepareSvdf(
  n: NodeView<SvdfAttributes>,
  constants: readonly (Tensor | undefined)[],
): Int8Kernel {
  const plan = svdfPlan(n);
  const { batch, inputs, filters, memory, units } = plan;
  const features = rowsByOutput(constantData<'int8'>(n, constants, 1, 'feature weights'), filters);
  const time = constantData<'int8' | 'int16'>(n, constants, 2, 'time weights');
  const bias = n.inputs.length > 4 ? constantData<'int32'>(n, constants, 4, 'bias') : new Int32Array(units);
  const x = new Int32Array(inputs);
  const sums = new Int32Array(filters);
  return ([input, , , state], [output, next]) => {
    for (let b = 0; b < batch; b++) {
      for (let i = 0; i < inputs; i++) x[i] = (input[b * inputs + i] as number) - plan.inputZeroPoint;
      multiplyRows(x, 0, features, inputs, sums, 0, filters);
      const first = b * filters * memory;
      remember(plan, sums, state, next, first);
      for (let u = 0; u < units; u++) output[b * units + u] = recall(plan, bias[u], time, next, u, first);
    }
  };
}

/** Shifts the rows of one batch, and appends what each filter makes of its sum. */
function remember(
  plan: SvdfPlan,
  sums: Int32Array,
  state: TypedArray,
  next: TypedArray,
  first: number,
): void {
  const { min, max } = STORED_RANGE[plan.stateType];
  const { multiplier, shift } = plan.feature;
  for (let f = 0; f < plan.filters; f++) {
    const row = first + f * plan.memory;
    for (let m = 1; m < plan.memory; m++) next[row + m - 1] = state[row + m];
    const present = clamp(multiplyByQuantizedMultiplier(sums[f], multiplier, shift), min, max);
    next[row + plan.memory - 1] = present + plan.stateZeroPoint;
  }
}

/** The output of a unit from what its filters remember. */
function recall(
  plan: SvdfPlan,
  bias: number,
  time: ArrayLike<number>,
  next: TypedArray,
  unit: number,
  first: number,
): number {
  const taps = plan.rank * plan.memory;
  let sum = bias;
  for (let tap = unit * taps; tap < (unit + 1) * taps; tap++)
    sum = (sum + Math.imul(time[tap], (next[first + tap] as number) - plan.stateZeroPoint)) | 0;
  const scaled = multiplyByQuantizedMultiplier(sum, plan.time.multiplier, plan.time.shift);
  return clamp((scaled + plan.outputZeroPoint) | 0, -128, 127);
}
