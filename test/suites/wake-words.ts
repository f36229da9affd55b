import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { producers, sigmoid, isOp } from '@whittle/core';
import type { Model } from '@whittle/core';
import { findPython, sequenceInputs } from '@whittle/testkit';
import type { Suite, SuiteCase } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';

/** A streaming int8 model that listens for a wake word, of the Python package pymicro-wakeword. */
export interface WakeWord {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where the package's models lie, if it is installed beside the judges. */
function findFolder(): string | undefined {
  const python = findPython();
  const lib = python && join(dirname(python), '..', 'lib');
  if (!lib || !existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((version) => join(lib, version, 'site-packages', 'pymicro_wakeword', 'models'))
    .find((folder) => existsSync(folder));
}

const folder = findFolder();

export const wakeWords: readonly WakeWord[] = !folder
  ? []
  : readdirSync(folder)
      .filter((file) => file.endsWith('.tflite'))
      .sort()
      .map((file) => ({ name: file.replace('.tflite', ''), bytes: readFileSync(join(folder, file)) }));

/** Why there is nothing to test. */
export const withoutWakeWords = 'no pymicro-wakeword in the Python environment';

/** The inputs of a stream. */
export function streamOf(model: Model, inferences: number) {
  return Array.from({ length: inferences }, (_, i) => sequenceInputs(model, i + 1));
}

/** The models with what goes into their sigmoid as an output too: noise hardly ever wakes them. */
export const wakeWordSuite: Suite = {
  name: 'wake-words',
  cases: () =>
    wakeWords.map(({ name, bytes }): SuiteCase => {
      const model = readTfliteModel(bytes);
      const source = [...producers(model).values()].find((node) => isOp(node, sigmoid))!;
      const outputs = [{ id: source.inputs[0] }, ...model.outputs];
      return { name, model: { ...model, outputs }, inputs: streamOf(model, 50), tolerance: 'exact' };
    }),
};
