import type { OpDefinition } from '@whittle/core';
import type { KernelCall, KernelPlan } from '@whittle/kernel-api';
import { lowerUnary } from '../lowerings/activation.js';
import type { TargetFeature } from '../targets/index.js';
import type { KernelVariant } from './variant.js';

/** Portable kernels that an instruction set has in the same form, called with the same arguments. */
const counterparts: Readonly<Partial<Record<TargetFeature, ReadonlySet<string>>>> = {
  mve: new Set([
    'whittle_average_pool_2d_s8',
    'whittle_clamp_s8',
    'whittle_lookup_s8',
    'whittle_max_pool_2d_s8',
    'whittle_mean_s8',
    'whittle_mul_s8',
  ]),
  neon: new Set([
    'whittle_average_pool_2d_s8',
    'whittle_clamp_s8',
    'whittle_lookup_s8',
    'whittle_max_pool_2d_s8',
    'whittle_mean_s8',
  ]),
};

/** A plan with an instruction set's kernels in the place of portable ones. */
export function withKernelsOf(feature: TargetFeature, plan: KernelPlan): KernelPlan {
  return { ...plan, calls: callsOf(feature, plan.calls) };
}

/** The same for calls. */
export function callsOf(feature: TargetFeature, calls: readonly KernelCall[]): KernelCall[] {
  return calls.map((each) => {
    const { name, folder } = each.kernel;
    return counterparts[feature]?.has(name)
      ? { ...each, kernel: { name: `${name}_${feature}`, folder } }
      : each;
  });
}

/** Any op of one int8 operand, a table of its 256 values or a clamp, by an instruction set's kernels. */
export function unaryOf(feature: TargetFeature, op: Pick<OpDefinition, 'name'>): KernelVariant<object> {
  const portable = lowerUnary(op);
  return (node, context) => withKernelsOf(feature, portable(node, context));
}
