import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import { weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { linearScaling } from '../linear-scaling.js';

/** A depthwise convolution with one output for each input channel. */
export interface DepthwiseLayer {
  readonly plan: DepthwisePlan;
  /** By channel, the taps of the window. */
  readonly filters: readonly Int8Array[];
  /** Weights, biases, multipliers and shifts, as the kernels take them. */
  readonly constants: readonly KernelArgument[];
}

/** Undefined where the multiplier is not 1, a factor is 1/2 or more, or weights or biases are computed. */
export function depthwiseLayer(node: KernelNode<DepthwiseAttributes>): DepthwiseLayer | undefined {
  const plan = depthwisePlan(node);
  const { inputChannels: channels } = plan;
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.depthMultiplier !== 1) return undefined;
  const filters = Array.from({ length: channels }, (_, c) =>
    Int8Array.from({ length: data.length / channels }, (_, tap) => data[tap * channels + c]),
  );
  const withBiases = filters.map((each, c) => ({ weights: each, bias: bias?.[c] ?? 0 }));
  checkAccumulators(node, withBiases, plan.inputZeroPoint);
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  const left = Int8Array.from(scaling.shifts, (shift) => -shift);
  return {
    plan,
    filters,
    constants: [
      weights('weights', data),
      weights('bias', scaling.biases),
      weights('multipliers', scaling.multipliers),
      weights('shifts', left),
    ],
  };
}
