import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { float32, readSafetensors, WhittleError, writeSafetensors } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { z } from 'zod';
import type { EpochRecord } from './history.js';
import { epochRecordSchema } from './history.js';
import type { Fingerprint } from './fingerprint.js';

/** Where a run is within an epoch, and what it gathered there. */
export interface EpochPosition {
  /** Steps done of the epoch, at least 1. */
  readonly steps: number;
  /** Sums of losses over these steps. */
  readonly sums: Readonly<Record<string, number>>;
  /** What each metric has gathered, in their order. */
  readonly metrics: readonly (readonly number[])[];
}

/** All that a run is between two steps: with the same options it goes on to the same weights. */
export interface Checkpoint {
  readonly fingerprint: Fingerprint;
  readonly history: readonly EpochRecord[];
  /** Index in the history of the best epoch so far. */
  readonly best?: number;
  /** Within the epoch after those of the history; absent between two epochs. */
  readonly within?: EpochPosition;
  /** Parameters, statistics and slots as they are, and parameters of the best epoch, by names that the run chooses. */
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

/** Of what is in a file; files of other formats are of other versions of Whittle. */
const format = 2;

const header = z.object({
  fingerprint: z.record(z.string(), z.string()),
  history: z.array(epochRecordSchema),
  best: z.number().int().nonnegative().optional(),
  within: z
    .object({
      steps: z.number().int().positive(),
      sums: z.record(z.string(), z.number()),
      metrics: z.array(z.array(z.number())),
    })
    .optional(),
});

/** Writes a checkpoint as one safetensors file, whole or not at all. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { arrays, ...rest } = checkpoint;
  const tensors = new Map<string, Tensor>();
  for (const [name, values] of arrays) tensors.set(name, float32([values.length], values));
  const metadata = { 'whittle-checkpoint': JSON.stringify({ format, ...rest }) };
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

/** Removes what runs that were killed while they wrote this checkpoint left beside it. */
export async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const files = await readdir(folder).catch(() => []);
  const isLeftover = (file: string) =>
    file.startsWith(`${name}.`) && /^\d+-[0-9a-f]{8}\.part$/.test(file.slice(name.length + 1));
  for (const file of files.filter(isLeftover)) await rm(join(folder, file), { force: true });
}

/**
 * Reads a checkpoint, or undefined where there is no such file.
 * @throws FILE_UNREADABLE, FORMAT_INVALID, CHECKPOINT_MISMATCH where another version of Whittle wrote it
 */
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
  const json = parseJson(metadata['whittle-checkpoint']);
  const version = z.object({ format: z.number() }).safeParse(json).data?.format;
  if (version !== undefined && version !== format)
    throw new WhittleError(
      'CHECKPOINT_MISMATCH',
      `${path} is of format ${version}, this version of Whittle writes and reads format ${format}: start anew, or use the other version`,
    );
  const parsed = header.safeParse(json);
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
