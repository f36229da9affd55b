import type { KernelCall, KernelPlan } from '@whittle/kernel-api';

/** Portable kernels that NEON has in the same form, called with the same arguments. */
const counterparts: ReadonlySet<string> = new Set([
  'whittle_average_pool_2d_s8',
  'whittle_clamp_s8',
  'whittle_lookup_s8',
  'whittle_max_pool_2d_s8',
  'whittle_mean_s8',
]);

/** A plan with NEON's kernels in the place of portable ones. */
export function withNeonKernels(plan: KernelPlan): KernelPlan {
  return { ...plan, calls: plan.calls.map(neonCall) };
}

function neonCall(each: KernelCall): KernelCall {
  const { name, folder } = each.kernel;
  return counterparts.has(name) ? { ...each, kernel: { name: `${name}_neon`, folder } } : each;
}
