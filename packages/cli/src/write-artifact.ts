import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isWhittleError, throwIfAborted, WhittleError } from '@whittle/core';
import type { Artifact } from '@whittle/core';
import { reasonOf } from './read-file.js';

/**
 * Writes an artifact's files into a folder, which is made where it isn't there; files of other names stay. Everything is
 * written beside the folder first, then moved, so that a run that is stopped leaves nothing half-written.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeArtifact(artifact: Artifact, out: string, signal?: AbortSignal): Promise<void> {
  const target = resolve(out);
  let staging: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    staging = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    for (const [path, bytes] of artifact.files) {
      throwIfAborted(signal);
      const file = join(staging, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    throwIfAborted(signal);
    if (await isFolder(target)) await moveFiles([...artifact.files.keys()], staging, target);
    else await rename(staging, target);
  } catch (cause) {
    if (isWhittleError(cause)) throw cause;
    throw new WhittleError('FILE_UNWRITABLE', `${out} can't be written: ${reasonOf(cause)}`, { cause });
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function moveFiles(paths: readonly string[], from: string, to: string): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await rename(join(from, path), join(to, path));
  }
}
