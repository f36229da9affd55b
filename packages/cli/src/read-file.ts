import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { isWhittleError, WhittleError } from '@whittle/core';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'links lead in a circle',
};

/** What the operating system's error means. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

/** Reads a whole file. @throws FILE_UNREADABLE */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new WhittleError('FILE_UNREADABLE', `${path} can't be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Reads a whole file, or nothing where there is none. @throws FILE_UNREADABLE */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new WhittleError('FILE_UNREADABLE', `${path} can't be read: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Reads a file that `path` names by a relative path, which must lead to its own folder or one below, by links too.
 * @throws FORMAT_INVALID, FILE_UNREADABLE
 */
export async function readFileBeside(path: string, name: string): Promise<Uint8Array> {
  const folder = dirname(path);
  const beside = join(folder, name);
  if (isAbsolute(name) || name.includes('\\') || name.includes('\0') || isOutside(folder, beside))
    throw outside(path, name);
  try {
    if (isOutside(await realpath(folder), await realpath(beside))) throw outside(path, name);
  } catch (cause) {
    if (isWhittleError(cause)) throw cause;
    throw new WhittleError('FILE_UNREADABLE', `${beside} can't be read: ${reasonOf(cause)}`, { cause });
  }
  return readWholeFile(beside);
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

function outside(path: string, name: string): WhittleError {
  return new WhittleError(
    'FORMAT_INVALID',
    `it names the file '${name}', expected a path within the folder of ${path}`,
  );
}
