import { invalid } from '@whittle/keras-network';
import { inflate } from './inflate.js';
import { firstMemberName, zipMembers } from './zip-directory.js';
import type { ZipMember } from './zip-directory.js';

const members = ['config.json', 'metadata.json', 'model.weights.h5'] as const;
type Member = (typeof members)[number];

/** What unpacked members take at most: this many times the file, and `spareBytes`. */
const expansion = 1.25;
const spareBytes = 64 << 20;

/** Whether bytes are a zip archive that has what .keras files have, or begins as they do and is cut off. */
export function looksLikeArchive(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  try {
    const found = zipMembers(bytes).map(({ name }) => name);
    return found.includes('config.json') && found.includes('model.weights.h5');
  } catch {
    const first = firstMemberName(bytes);
    return members.some((name) => name === first);
  }
}

/**
 * Unpacks the members of a .keras file, into memory; others stay packed, and no name becomes a path.
 * @throws FORMAT_INVALID where the archive is damaged, lacks one of them, or would unpack to much more than its size
 */
export function unpackArchive(bytes: Uint8Array): ReadonlyMap<Member, Uint8Array> {
  const limit = expansion * bytes.length + spareBytes;
  const all = zipMembers(bytes);
  const unpacked = new Map<Member, Uint8Array>();
  let total = 0;
  for (const member of all) {
    const name = members.find((each) => each === member.name);
    if (name === undefined) continue;
    if (unpacked.has(name)) throw invalid('archive', `two members ${name}`);
    total += member.size;
    if (!(total <= limit))
      throw invalid('archive', `${total} bytes unpacked, expected at most ${limit} of ${bytes.length}`);
    unpacked.set(name, unpack(member));
  }
  const missing = members.filter((name) => !unpacked.has(name) && name !== 'metadata.json');
  if (missing.length > 0) {
    const found = all.slice(0, 10).map(({ name }) => name);
    throw invalid('archive', `no ${missing.join(' and ')}; found ${found.join(', ')}`);
  }
  return unpacked;
}

function unpack({ name, method, packed, size }: ZipMember): Uint8Array {
  if (method !== 0 && method !== 8)
    throw invalid('archive', `${name} is packed by method ${method}, expected deflate`);
  const data = method === 0 ? packed : inflate(packed, size, 'raw');
  if (data.length !== size) throw invalid('archive', `${name} has ${data.length} bytes, expected ${size}`);
  return data;
}
