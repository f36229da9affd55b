import { tensorsEqual, throwIfAborted } from '@whittle/core';
import type { Model, Progress, RunCost, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { convertInputs } from './real-values.js';

/** How a classifier does on one runtime. */
export interface RuntimeScore {
  readonly runtime: string;
  /** Share of examples whose largest output is that of the right class, 0 to 1; the first of equals counts. */
  readonly accuracy: number;
  /** Whether every output is that of the first runtime, bit for bit. */
  readonly exact: boolean;
  /** Share of examples with the first runtime's class, 0 to 1. */
  readonly agreement: number;
  /** Of the last example; emulated targets only. */
  readonly cost?: RunCost;
}

export interface RuntimeScores {
  readonly scores: readonly RuntimeScore[];
  /** Runtimes that can't run here, and why. */
  readonly missing: readonly { readonly runtime: string; readonly reason: string }[];
}

/** Labelled examples: float32 [N, ...], and one class number for each. */
export interface LabelledExamples {
  readonly inputs: Tensor<'float32'>;
  readonly labels: Int32Array;
}

/**
 * Runs a classifier on labelled examples in several runtimes and compares them with the first that can run.
 * @throws SHAPE_MISMATCH where the examples don't fit the model; what the runtimes throw
 */
export async function scoreRuntimes(
  model: Model,
  { inputs, labels }: LabelledExamples,
  runtimes: readonly Runtime[],
  context: RuntimeContext,
  progress?: Progress,
): Promise<RuntimeScores> {
  const examples = rowsOf(inputs).map((row) => convertInputs([row], model));
  const scores: RuntimeScore[] = [];
  const missing: { runtime: string; reason: string }[] = [];
  let first: { readonly outputs: readonly Tensor[]; readonly classes: Int32Array } | undefined;
  for (const runtime of runtimes) {
    throwIfAborted(context.signal);
    const reason = await runtime.unavailable();
    if (reason !== undefined) {
      missing.push({ runtime: runtime.name, reason });
      continue;
    }
    const task = progress?.(`run on ${runtime.name}`, examples.length);
    try {
      const [{ outputs, cost }] = await runtime.run([{ model, inputs: examples }], {
        ...context,
        onInference: (done) => task?.update(done),
      });
      task?.update(examples.length);
      const found = outputs.map(([output]) => output);
      const classes = Int32Array.from(found, largest);
      first ??= { outputs: found, classes };
      const { outputs: expected, classes: expectedClasses } = first;
      scores.push({
        runtime: runtime.name,
        accuracy: share(classes, labels),
        exact: found.every((output, i) => tensorsEqual(output, expected[i])),
        agreement: share(classes, expectedClasses),
        ...(cost && { cost }),
      });
    } finally {
      task?.finish();
    }
  }
  return { scores, missing };
}

function rowsOf({ shape, data }: Tensor<'float32'>): Tensor<'float32'>[] {
  const [count, ...rest] = shape;
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => ({
    dtype: 'float32',
    shape: [1, ...rest],
    data: data.subarray(i * size, (i + 1) * size),
  }));
}

function largest({ data }: Tensor): number {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return best;
}

function share(found: Int32Array, expected: Int32Array): number {
  return found.filter((value, i) => value === expected[i]).length / found.length;
}
