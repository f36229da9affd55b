import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isWhittleError, throwIfAborted, WhittleError } from '@whittle/core';
import type { Artifact } from '@whittle/core';
import { reasonOf } from './read-file.js';

/**
 * Writes an artifact's files into a folder, which is made where it isn't there; files of other names stay. Everything is
 * written beside the folder first, then moved, so that a run that is stopped leaves nothing half-written.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeArtifact(
  { files }: Pick<Artifact, 'files'>,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const target = resolve(out);
  let staging: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    staging = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    for (const [path, bytes] of files) {
      throwIfAborted(signal);
      const file = join(staging, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    throwIfAborted(signal);
    await mkdir(target, { recursive: true });
    for (const path of files.keys()) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await rename(join(staging, path), join(target, path));
    }
  } catch (cause) {
    if (isWhittleError(cause)) throw cause;
    throw new WhittleError('FILE_UNWRITABLE', `${out} can't be written: ${reasonOf(cause)}`, { cause });
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}
