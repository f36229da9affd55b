import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { float32, readSafetensors, WhittleError, writeSafetensors } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { z } from 'zod';
import type { EpochRecord } from './history.js';
import { epochRecordSchema } from './history.js';

/** All that a run is between two epochs: with the same options it goes on to the same weights. */
export interface Checkpoint {
  /** What the run must agree in: seed, parameters, optimizers. */
  readonly fingerprint: string;
  readonly history: readonly EpochRecord[];
  /** Index in the history of the best epoch so far. */
  readonly best?: number;
  /** Parameters, statistics and slots as they are, and parameters of the best epoch, by names that the run chooses. */
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

const header = z.object({
  format: z.literal(1),
  fingerprint: z.string(),
  history: z.array(epochRecordSchema),
  best: z.number().int().nonnegative().optional(),
});

/** Writes a checkpoint as one safetensors file, whole or not at all. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { fingerprint, history, best, arrays } = checkpoint;
  const tensors = new Map<string, Tensor>();
  for (const [name, values] of arrays) tensors.set(name, float32([values.length], values));
  const metadata = { 'whittle-checkpoint': JSON.stringify({ format: 1, fingerprint, history, best }) };
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(temporary, writeSafetensors({ tensors, metadata }));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new WhittleError(
      'FILE_UNREADABLE',
      `checkpoint ${path} can't be written: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

/** Reads a checkpoint, or undefined where there is no such file. @throws FILE_UNREADABLE, FORMAT_INVALID */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new WhittleError(
      'FILE_UNREADABLE',
      `checkpoint ${path} can't be read: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const { tensors, metadata } = readSafetensors(bytes);
  const parsed = header.safeParse(parseJson(metadata['whittle-checkpoint']));
  if (!parsed.success)
    throw new WhittleError('FORMAT_INVALID', `${path} is not a checkpoint: ${z.prettifyError(parsed.error)}`);
  const arrays = new Map<string, Float32Array>();
  for (const [name, value] of tensors)
    if (value.dtype === 'float32') arrays.set(name, value.data as Float32Array);
  return { ...parsed.data, arrays };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
