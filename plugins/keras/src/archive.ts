import { isWhittleError } from '@whittle/core';
import { unzipSync } from 'fflate';
import { invalid } from '@whittle/keras-network';

const members = ['config.json', 'metadata.json', 'model.weights.h5'] as const;
type Member = (typeof members)[number];

/** What unpacked members take at most: this many times the file, and `spareBytes`. */
const expansion = 1.25;
const spareBytes = 64 << 20;

/** Whether bytes are a zip archive that has what .keras files have. */
export function looksLikeArchive(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  try {
    const found = namesOf(bytes);
    return found.includes('config.json') && found.includes('model.weights.h5');
  } catch {
    return false;
  }
}

/**
 * Unpacks the members of a .keras file, into memory; others stay packed, and no name becomes a path.
 * @throws FORMAT_INVALID where the archive is damaged, lacks one of them, or would unpack to much more than its size
 */
export function unpackArchive(bytes: Uint8Array): ReadonlyMap<Member, Uint8Array> {
  const limit = expansion * bytes.length + spareBytes;
  let total = 0;
  const seen = new Set<string>();
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!members.includes(name as Member)) return false;
        if (seen.has(name)) throw invalid('archive', `two members ${name}`);
        seen.add(name);
        total += originalSize;
        if (!(total <= limit))
          throw invalid('archive', `${total} bytes unpacked, expected at most ${limit} of ${bytes.length}`);
        return true;
      },
    });
  } catch (error) {
    if (isWhittleError(error)) throw error;
    throw invalid('archive', error instanceof Error ? error.message : 'the archive is damaged', error);
  }
  const missing = members.filter((name) => !Object.hasOwn(unpacked, name) && name !== 'metadata.json');
  if (missing.length > 0)
    throw invalid('archive', `no ${missing.join(' and ')}; found ${namesOf(bytes).slice(0, 10).join(', ')}`);
  return new Map(members.flatMap((name) => (unpacked[name] ? [[name, unpacked[name]]] : [])));
}

function namesOf(bytes: Uint8Array): string[] {
  const names: string[] = [];
  unzipSync(bytes, {
    filter({ name }) {
      names.push(name);
      return false;
    },
  });
  return names;
}
