import { join } from 'node:path';
import { displayName } from '@whittle/core';
import type { Model, RunResult, Tensor } from '@whittle/core';
import { npyOfTensors } from './npy-of-tensors.js';
import { writeArtifact } from './write-artifact.js';

/** Outputs of up to this many values, over all inferences, are part of the result. */
const MOST_VALUES = 1000;
/** Names of files are cut to this length. */
const NAME_LENGTH = 80;

/** One output of a model, over all inferences, as `run --json` has it. */
export interface RunOutput {
  readonly name: string;
  readonly dtype: string;
  /** Of one inference. */
  readonly shape: readonly number[];
  /**
   * For each inference the stored values, row-major; where a run gives few values only. NaN, infinite values, and integers that a number
   * can't hold, are text.
   */
  readonly values?: readonly (readonly (number | string)[])[];
  /** The .npy file that holds them: the inferences are the first axis. */
  readonly file?: string;
}

/** The outputs of a run; nothing where there were no inferences. */
export function describeOutputs(model: Model, { outputs }: Pick<RunResult, 'outputs'>): RunOutput[] {
  const [first = []] = outputs;
  const isSmall = outputs.flat().reduce((sum, { data }) => sum + data.length, 0) <= MOST_VALUES;
  return first.map(({ dtype, shape }, i) => ({
    name: nameOf(model, i),
    dtype,
    shape,
    ...(isSmall && { values: outputs.map((each) => Array.from(each[i].data, jsonValue)) }),
  }));
}

/**
 * Writes a run's outputs as FOLDER/RUNTIME/POSITION-NAME.npy, in place of files of these names, and says where each is.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeOutputs(
  folder: string,
  runtime: string,
  model: Model,
  { outputs }: Pick<RunResult, 'outputs'>,
  signal?: AbortSignal,
): Promise<string[]> {
  const names = model.outputs.map((_, i) => `${i}-${fileName(nameOf(model, i))}.npy`);
  const files = new Map(
    names.map((name, i) => [name, npyOfTensors(outputs.map((each): Tensor => each[i]))] as const),
  );
  await writeArtifact({ files }, join(folder, runtime), signal);
  return names.map((name) => join(folder, runtime, name));
}

/** The name by which a signature knows an output, or its value's. */
function nameOf({ outputs }: Model, i: number): string {
  const { id, name = id } = outputs[i];
  return name;
}

function fileName(name: string): string {
  return displayName(name)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, NAME_LENGTH);
}

function jsonValue(value: number | bigint): number | string {
  const number = Number(value);
  const isExact = typeof value === 'bigint' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact ? number : String(value);
}
