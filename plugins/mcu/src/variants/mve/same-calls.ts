import type { KernelCall, KernelPlan } from '@whittle/kernel-api';

/** Portable kernels that Helium has in the same form, called with the same arguments. */
const counterparts: ReadonlySet<string> = new Set([
  'whittle_average_pool_2d_s8',
  'whittle_clamp_s8',
  'whittle_lookup_s8',
  'whittle_max_pool_2d_s8',
  'whittle_mean_s8',
  'whittle_mul_s8',
]);

/** A plan with Helium's kernels in the place of portable ones. */
export function withMveKernels(plan: KernelPlan): KernelPlan {
  return { ...plan, calls: mveCalls(plan.calls) };
}

/** The same for calls. */
export function mveCalls(calls: readonly KernelCall[]): KernelCall[] {
  return calls.map((each) => {
    const { name, folder } = each.kernel;
    return counterparts.has(name) ? { ...each, kernel: { name: `${name}_mve`, folder } } : each;
  });
}
