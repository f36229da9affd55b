import { realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { throwIfAborted } from '@whittle/core';
import { makeFolder } from './made-folder.js';
import type { MadeFolder } from './made-folder.js';
import { asUnwritable } from './write-place.js';

/**
 * Writes one file, over one of the same name or the one that a link of this name leads to; its folder is made where it isn't there. It
 * is written beside its place first, then moved, so that a run that is stopped leaves nothing half-written. Returns the topmost of the
 * folders that were made, if any was.
 * @throws FILE_UNWRITABLE, ABORTED
 */
export async function writeWholeFile(
  path: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const target = await realpath(path).catch(() => resolve(path));
  let made: MadeFolder | undefined;
  let staged: string | undefined;
  try {
    made = await makeFolder(dirname(target));
    throwIfAborted(signal);
    staged = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
    await writeFile(staged, bytes, { flag: 'wx' });
    throwIfAborted(signal);
    await rename(staged, target);
    return made.first;
  } catch (cause) {
    if (staged) await rm(staged, { force: true });
    await made?.undo();
    throw asUnwritable(path, cause);
  }
}
