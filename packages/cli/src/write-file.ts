import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { isWhittleError, throwIfAborted, WhittleError } from '@whittle/core';
import { reasonOf } from './read-file.js';

/**
 * Writes one file, over one of the same name; its folder is made where it isn't there. It is written beside its place first,
 * then moved, so that a run that is stopped leaves nothing half-written.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeWholeFile(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const target = resolve(path);
  let staged: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    throwIfAborted(signal);
    staged = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
    await writeFile(staged, bytes, { flag: 'wx' });
    throwIfAborted(signal);
    await rename(staged, target);
  } catch (cause) {
    if (staged) await rm(staged, { force: true });
    if (isWhittleError(cause)) throw cause;
    throw new WhittleError('FILE_UNWRITABLE', `${path} can't be written: ${reasonOf(cause)}`, { cause });
  }
}
