import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { isWhittleError, WhittleError } from '@whittle/core';
import { readIfThere } from './read-file.js';

/** The file that lists what an export wrote into a folder, so that the next one knows its own. */
export const manifestName = 'whittle.json';

/** What an export was made from. */
export interface Origin {
  /** Version of Whittle. */
  readonly whittle: string;
  /** The model's file, as it was given. */
  readonly model: string;
  readonly target: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Manifest extends Origin {
  /** SHA-256 of each file, in hexadecimal, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The manifest of files, as bytes; equal for equal files and origins. */
export function encodeManifest(origin: Origin, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const digests = [...files].map(([path, bytes]) => [path, digestOf(bytes)] as const);
  const manifest: Manifest = {
    ...origin,
    files: Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** The manifest in a folder; nothing where there is none. @throws FORMAT_INVALID, FILE_UNREADABLE */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  const bytes = await readIfThere(path);
  if (!bytes) return undefined;
  try {
    return decode(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const reason = isWhittleError(cause) ? cause.message : 'it is no JSON';
    throw new WhittleError('FORMAT_INVALID', `${path} is no manifest of an export: ${reason}`, { cause });
  }
}

function decode(value: unknown): Manifest {
  const { files, target } = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  if (typeof target !== 'string') throw invalid("expected a string as 'target'");
  if (typeof files !== 'object' || files === null) throw invalid("expected an object as 'files'");
  for (const [path, digest] of Object.entries(files)) {
    if (!staysInFolder(path)) throw invalid(`'${path}' is no path in the folder`);
    if (typeof digest !== 'string') throw invalid(`expected a string as the digest of '${path}'`);
  }
  return value as Manifest;
}

function invalid(message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', message);
}

/** Files of a list that somebody else wrote are removed: only those within the folder may be. */
function staysInFolder(path: string): boolean {
  return !(
    /[\\:]/.test(path) ||
    posix.isAbsolute(path) ||
    posix.normalize(path) !== path ||
    /^\.\.?(\/|$)/.test(path)
  );
}
