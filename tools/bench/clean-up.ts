import { readFileSync, writeFileSync } from 'node:fs';
import { cleanUp, coreOps } from '@whittle/core';
import type { Model } from '@whittle/core';
import { kerasReader } from '@whittle/keras';
import { emitTflite, tfliteReader } from '@whittle/tflite';

/** Reads a model, cleans it up, and writes a .tflite file. */
export async function writeCleanedUp(path: string, out: string): Promise<void> {
  const bytes = readFileSync(path);
  const reader = [tfliteReader, kerasReader].find((each) => each.recognizes(bytes));
  if (!reader) throw new Error(`${path} is no model`);
  const model: Model = await reader.read(bytes, { ops: coreOps });
  writeFileSync(out, await emitTflite(cleanUp(model).model));
}
