import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { throwIfAborted } from '@whittle/core';
import type { Artifact } from '@whittle/core';
import { makeFolder } from './made-folder.js';
import type { MadeFolder } from './made-folder.js';
import { asUnwritable, unwritable } from './write-place.js';

/**
 * Writes an artifact's files into a folder, which is made where it isn't there; files of other names stay. Everything is
 * written into a hidden folder in it first, then moved, so that a run that is stopped leaves nothing half-written.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeArtifact(
  { files }: Pick<Artifact, 'files'>,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const target = resolve(out);
  let made: MadeFolder | undefined;
  let staging: string | undefined;
  try {
    made = await makeFolder(target);
    staging = await mkdtemp(join(target, '.whittle-'));
    for (const [path, bytes] of files) {
      throwIfAborted(signal);
      const file = join(staging, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    throwIfAborted(signal);
    for (const path of files.keys()) await expectPlaceOf(join(target, path));
    for (const path of files.keys()) await rename(join(staging, path), join(target, path));
    await rm(staging, { recursive: true, force: true });
  } catch (cause) {
    if (staging) await rm(staging, { recursive: true, force: true });
    await made?.undo();
    throw asUnwritable(out, cause);
  }
}

/** Makes the folder of a file that is to be moved. @throws FILE_UNWRITABLE where a folder is in its place */
async function expectPlaceOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw unwritable(path, 'it is a folder, expected a file or nothing');
}
