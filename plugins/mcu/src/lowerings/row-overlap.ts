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

/**
 * How the output may overlap the input for kernels that read each pixel's window, and no other part of the image, until all
 * outputs of the pixel are written. `elementBytes`: bytes of an element.
 */
export function pixelOverlap(plan: RowPlan, elementBytes: number): NonNullable<KernelPlan['overlap']> {
  if (plan.batch !== 1) return [];
  const { inputWidth, inputHeight, inputChannels, outputWidth, outputHeight, outputChannels } = plan;
  const inputRow = inputWidth * inputChannels;
  let distance = 0;
  for (let y = 0; y < outputHeight; y++) {
    const row = Math.max(0, y * plan.strideHeight - plan.padTop);
    if (row >= inputHeight) break;
    // Windows further down begin at later rows, but perhaps further to the left.
    const below = Math.max(0, (y + 1) * plan.strideHeight - plan.padTop);
    const later = y + 1 < outputHeight ? below * inputRow : Infinity;
    for (let x = 0; x < outputWidth; x++) {
      const column = Math.max(0, x * plan.strideWidth - plan.padLeft);
      const read = Math.min(later, row * inputRow + Math.min(column, inputWidth) * inputChannels);
      distance = Math.max(distance, (y * outputWidth + x + 1) * outputChannels - read);
    }
  }
  return [{ input: 0, output: 0, distance: distance * elementBytes }];
}
