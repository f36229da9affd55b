import type { Stats } from 'node:fs';
import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isWhittleError, WhittleError } from '@whittle/core';
import { reasonOf } from './read-file.js';

/**
 * Finds out, before there is anything to write, that a file can be written: it is no folder and nothing special, such as a device, and
 * its folder, or the one that this can be made in, takes files.
 * @throws FILE_UNWRITABLE
 */
export async function expectWritableFile(path: string): Promise<void> {
  const found = await statusOf(path, path);
  if (found && !found.isFile())
    throw unwritable(path, `it is ${kindOf(found)}, expected a file or a new name`);
  await expectPlace(path, dirname(resolve(path)));
}

/** The same of a folder for files. Returns whether it is there already. @throws FILE_UNWRITABLE */
export async function expectWritableFolder(path: string): Promise<boolean> {
  const found = await statusOf(path, path);
  if (found && !found.isDirectory())
    throw unwritable(path, `it is ${kindOf(found)}, expected a folder or a new name`);
  await expectPlace(path, resolve(path));
  return found !== undefined;
}

/** That files can be made in a folder, or in the last on its path that is there. */
async function expectPlace(path: string, folder: string): Promise<void> {
  let place = folder;
  let found = await statusOf(path, place);
  while (!found && dirname(place) !== place) {
    place = dirname(place);
    found = await statusOf(path, place);
  }
  if (found && !found.isDirectory())
    throw unwritable(path, `${place} is ${kindOf(found)}, expected a folder`);
  try {
    // Whatever permissions say, only this tells: of file systems that are read-only, for one.
    await rmdir(await mkdtemp(join(place, '.whittle-')));
  } catch (cause) {
    throw unwritable(path, `in ${place} nothing can be made: ${reasonOf(cause)}`, cause);
  }
}

/** What is at `place`, by links too; nothing where there is nothing yet. @throws FILE_UNWRITABLE */
async function statusOf(path: string, place: string): Promise<Stats | undefined> {
  try {
    return await stat(place);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw unwritable(path, reasonOf(cause), cause);
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFile()) return 'a file';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

/** What went wrong where a file or folder was written. */
export function unwritable(path: string, reason: string, cause?: unknown): WhittleError {
  return new WhittleError('FILE_UNWRITABLE', `${path} can't be written: ${reason}`, { cause });
}

/** Any error as one of writing, unless it has a code. */
export function asUnwritable(path: string, cause: unknown): WhittleError {
  return isWhittleError(cause) ? cause : unwritable(path, reasonOf(cause), cause);
}
