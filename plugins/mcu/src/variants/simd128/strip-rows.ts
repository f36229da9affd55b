import type { ConvPlan, DepthwisePlan } from '@whittle/int8';
import type { KernelContext } from '@whittle/kernel-api';

/** A strip is not made taller than one row beyond this many bytes: what a processor's nearer caches hold. */
const STRIP_BYTES = 262_144;
/** The same, where RAM comes first. */
const SMALL_STRIP_BYTES = 1024;

/** Output rows computed from one strip of widened input rows, whose size `bytes` tells. */
export function stripRows(
  { outputHeight }: ConvPlan | DepthwisePlan,
  { optimize }: KernelContext,
  bytes: (rows: number) => number,
): number {
  const limit = optimize === 'ram' ? SMALL_STRIP_BYTES : STRIP_BYTES;
  let rows = outputHeight;
  while (rows > 1 && bytes(rows) > limit) rows--;
  return rows;
}

/** Input rows that `rows` output rows read. */
export function stripHeight(plan: ConvPlan | DepthwisePlan, rows: number): number {
  return (rows - 1) * plan.strideHeight + (plan.kernelHeight - 1) * plan.dilationHeight + 1;
}
