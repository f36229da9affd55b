import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { datasetError } from './errors.js';

const unzip = promisify(gunzip);

/** The bytes of a file. @throws FILE_UNREADABLE */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw datasetError('FILE_UNREADABLE', `can't read ${path}: ${messageOf(error)}`, error);
  }
}

/** The bytes of a file, uncompressed where it is gzip. @throws FILE_UNREADABLE, DATASET_INVALID where it is broken */
export async function readMaybeGzip(path: string): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unzip(bytes);
  } catch (error) {
    throw datasetError('DATASET_INVALID', `${path} is not a whole gzip file: ${messageOf(error)}`, error);
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
