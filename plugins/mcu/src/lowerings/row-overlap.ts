import type { WindowPlan } from '@whittle/int8';
import type { KernelPlan } from '@whittle/kernel-api';

type RowPlan = WindowPlan & { readonly dilationHeight?: number };

/**
 * How the output of a sliding window may overlap the input, for kernels that go through the image `rows` output rows at a
 * time and read all input rows that these need, which no pass before has read, before they write the first of them.
 */
export function rowOverlap(plan: RowPlan, rows: number): NonNullable<KernelPlan['overlap']> {
  const reach = (plan.kernelHeight - 1) * (plan.dilationHeight ?? 1) + 1;
  return overlapOf(plan, rows, (done) => (done - 1) * plan.strideHeight - plan.padTop + reach);
}

/** The same for kernels that read all input rows of a pass anew, those too that the pass before has read. */
export function stripOverlap(plan: RowPlan, rows: number): NonNullable<KernelPlan['overlap']> {
  return overlapOf(plan, rows, (done) => done * plan.strideHeight - plan.padTop);
}

/** `nextRow` is the first input row that is read once so many output rows are written. */
function overlapOf(
  plan: RowPlan,
  rows: number,
  nextRow: (done: number) => number,
): NonNullable<KernelPlan['overlap']> {
  if (plan.batch !== 1) return [];
  const inputRow = plan.inputWidth * plan.inputChannels;
  const outputRow = plan.outputWidth * plan.outputChannels;
  let distance = 0;
  for (let done = rows; done < plan.outputHeight; done += rows) {
    const next = Math.max(0, nextRow(done));
    if (next < plan.inputHeight) distance = Math.max(distance, done * outputRow - next * inputRow);
  }
  return [{ input: 0, output: 0, distance }];
}
