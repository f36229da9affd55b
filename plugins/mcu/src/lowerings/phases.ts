/**
 * The outputs of a transposed convolution, along one axis, that the same taps of the kernel reach: every stride-th one
 * from `start` on. An ordinary convolution with a stride of 1 and a margin of `before` gives them.
 */
export interface Phase {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
  /** Taps of that convolution as indices of the kernel; undefined where a weight of zero stands in. Empty where none reaches. */
  readonly taps: readonly (number | undefined)[];
  readonly before: number;
}

/** The phases of an axis that have outputs. `padding` is that before the first output. */
export function phasesOf(outputs: number, kernel: number, stride: number, padding: number): Phase[] {
  const phases: Phase[] = [];
  for (let first = 0; first < stride; first++) {
    // Tap k of input i lands on output i * stride - padding + k: this phase has k = first, first + stride ...
    const start = (first + stride * padding - padding) % stride;
    if (start >= outputs) continue;
    const reaching = Math.max(0, Math.ceil((kernel - first) / stride));
    // The input that tap `first` brings to output `start`; later taps bring those before it.
    const newest = (start + padding - first) / stride;
    const count = Math.ceil((outputs - start) / stride);
    // Where even the last tap finds an input inside, taps of zero go back to the first one: margins aren't negative.
    const length = reaching === 0 ? 0 : Math.max(reaching, newest + 1);
    const taps = Array.from({ length }, (_, i) => {
      const back = length - 1 - i;
      return back < reaching ? first + back * stride : undefined;
    });
    phases.push({ start, stride, count, taps, before: Math.max(0, length - 1 - newest) });
  }
  return phases;
}
