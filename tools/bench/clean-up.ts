import { readFileSync, writeFileSync } from 'node:fs';
import { coreOps, foldBatchNorm, fuseActivations } from '@whittle/core';
import type { Model } from '@whittle/core';
import { kerasReader } from '@whittle/keras';
import { emitTflite, tfliteReader } from '@whittle/tflite';

/** Reads a model, folds batch norms into the layers before, fuses activations, and writes a .tflite file. */
export async function cleanUp(path: string, out: string): Promise<void> {
  const bytes = readFileSync(path);
  const reader = [tfliteReader, kerasReader].find((each) => each.recognizes(bytes));
  if (!reader) throw new Error(`${path} is no model`);
  const model: Model = await reader.read(bytes, { ops: coreOps });
  writeFileSync(out, await emitTflite(fuseActivations(foldBatchNorm(model))));
}
