import { invalid } from '@whittle/keras-network';

/** A member of a zip archive, as the directory has it. */
export interface ZipMember {
  readonly name: string;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  /** Its bytes, packed. */
  readonly packed: Uint8Array;
  /** What it unpacks to, if that is true. */
  readonly size: number;
}

const signatures = {
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  entry: 0x02014b50,
  local: 0x04034b50,
};
const endBytes = 22;
const longestComment = 0xffff;
const all32 = 0xffffffff;

/**
 * The members of a zip archive (PKWARE's APPNOTE, 64-bit sizes too), by the directory at its end.
 * @throws FORMAT_INVALID where there is none, or it lies outside of the file
 */
export function zipMembers(bytes: Uint8Array): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = (at: number, size: number) => {
    if (!(at >= 0 && at + size <= bytes.length)) throw invalid('archive', `cut off at ${bytes.length} bytes`);
    if (size === 2) return view.getUint16(at, true);
    return size === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
  };
  let { count, at } = directoryOf(bytes, read);
  const members: ZipMember[] = [];
  for (; count > 0; count--) {
    if (read(at, 4) !== signatures.entry) throw invalid('archive', `no member at ${at} of the directory`);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => read(at + offset, 2));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const [packed, size, start] = wideNumbers(read, at, at + 46 + nameBytes, extraBytes);
    members.push({ name, method: read(at + 10, 2), packed: dataAt(bytes, read, start, packed), size });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return members;
}

/** The name of the member that an archive begins with, whether or not there is a directory. */
export function firstMemberName(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 30 || view.getUint32(0, true) !== signatures.local) return undefined;
  return new TextDecoder().decode(bytes.subarray(30, 30 + view.getUint16(26, true)));
}

type ReadNumber = (at: number, size: number) => number;

function directoryOf(bytes: Uint8Array, read: ReadNumber): { count: number; at: number } {
  let end = bytes.length - endBytes;
  const first = Math.max(0, end - longestComment);
  while (end >= first && read(end, 4) !== signatures.end) end--;
  if (end < first)
    throw invalid(
      'archive',
      `expected a directory of members at the end of ${bytes.length} bytes, found none: the file is cut off or damaged`,
    );
  if (end < 20 || read(end - 20, 4) !== signatures.locator64)
    return { count: read(end + 10, 2), at: read(end + 16, 4) };
  const wide = read(end - 12, 8);
  if (read(wide, 4) !== signatures.end64)
    throw invalid('archive', 'no directory of 64 bits where it should be');
  return { count: read(wide + 32, 8), at: read(wide + 48, 8) };
}

/** Bytes packed, bytes unpacked and the place of a member: of 64 bits where 32 are all ones. */
function wideNumbers(read: ReadNumber, at: number, extra: number, extraBytes: number): number[] {
  const narrow = [read(at + 24, 4), read(at + 20, 4), read(at + 42, 4)];
  let wide: number | undefined;
  for (let field = extra; field + 4 <= extra + extraBytes; field += 4 + read(field + 2, 2))
    if (read(field, 2) === 1) wide = field + 4;
  const [size, packed, start] = narrow.map((value) => {
    if (value !== all32 || wide === undefined) return value;
    wide += 8;
    return read(wide - 8, 8);
  });
  return [packed, size, start];
}

function dataAt(bytes: Uint8Array, read: ReadNumber, start: number, packed: number): Uint8Array {
  if (read(start, 4) !== signatures.local) throw invalid('archive', `no member at ${start}`);
  const from = start + 30 + read(start + 26, 2) + read(start + 28, 2);
  if (!(from + packed <= bytes.length))
    throw invalid('archive', `a member of ${packed} bytes at ${from}, in an archive of ${bytes.length}`);
  return bytes.subarray(from, from + packed);
}
