import { readFile } from 'node:fs/promises';
import { WhittleError } from '@whittle/core';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission denied',
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
