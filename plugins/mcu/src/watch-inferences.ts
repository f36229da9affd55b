import { statSync } from 'node:fs';

/** What one case of the harness writes, as harness.h says. */
export interface ExpectedOutputs {
  readonly inferences: number;
  /** Bytes of the outputs of one inference. */
  readonly bytes: number;
}

/** Bytes of stack, which follow the outputs of each case. */
export const stackWordBytes = 4;

const watchMs = 200;

/**
 * Does work that makes the harness run, and meanwhile reports the inferences that are complete by how far its outputs.bin
 * has grown; once the work has succeeded, all of them. Reports only ever rise.
 */
export async function watchInferences(
  file: string,
  cases: readonly ExpectedOutputs[],
  onInference: (done: number) => void,
  work: () => Promise<void>,
): Promise<void> {
  let last = 0;
  const report = (done: number) => {
    if (done > last) onInference((last = done));
  };
  const timer = setInterval(() => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    report(completeInferences(size, cases));
  }, watchMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  report(cases.reduce((sum, { inferences }) => sum + inferences, 0));
}

/** How many inferences are whole in the first `size` bytes of outputs.bin. */
export function completeInferences(size: number, cases: readonly ExpectedOutputs[]): number {
  let done = 0;
  let left = size;
  for (const { inferences, bytes } of cases) {
    const whole = Math.min(inferences, Math.floor(left / bytes));
    done += whole;
    if (whole < inferences) break;
    left -= inferences * bytes + stackWordBytes;
    if (left <= 0) break;
  }
  return done;
}
