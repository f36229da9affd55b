import { deflateRawSync } from 'node:zlib';
import { ByteWriter } from './byte-writer.js';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** Deflated. */
  readonly deflate?: boolean;
  /** What the archive says it unpacks to, where that isn't true. */
  readonly claimed?: number | bigint;
  /** Its data is that of the entry at this place: the two overlap. */
  readonly dataOf?: number;
}

export interface ZipOptions {
  /** In 64 bits, where archives of more than 4 GB have their sizes. */
  readonly zip64?: boolean;
  /** How many entries the archive says it has, where that isn't true. */
  readonly count?: number | bigint;
}

const all32 = 0xffffffff;

/** A zip archive, as true or false as it is told to be. */
export function zipArchive(
  entries: readonly ZipEntry[],
  { zip64 = false, count }: ZipOptions = {},
): Uint8Array {
  const archive = new ByteWriter();
  const directory = new ByteWriter();
  const places: { readonly at: number; readonly packed: number; readonly size: number }[] = [];
  for (const { name, data, deflate = false, claimed, dataOf } of entries) {
    const packed = deflate && dataOf === undefined ? deflateRawSync(data, { level: 9 }) : data;
    const own = { at: archive.length, packed: packed.length, size: data.length };
    const place = dataOf === undefined ? own : places[dataOf];
    places.push(place);
    const size = claimed ?? place.size;
    const method = deflate ? 8 : 0;
    const title = new TextEncoder().encode(name);
    if (dataOf === undefined) {
      archive
        .u32(0x04034b50)
        .u16(20, 0, method, 0, 0)
        .u32(0, packed.length, Number(BigInt(size) & 0xffffffffn));
      archive.u16(title.length, 0).bytes(title, packed);
    }
    const sizes = zip64 ? [all32, all32] : [place.packed, Number(size)];
    directory
      .u32(0x02014b50)
      .u16(20, 20, 0, method, 0, 0)
      .u32(0, ...sizes);
    directory
      .u16(title.length, zip64 ? 28 : 0, 0, 0, 0)
      .u32(0, zip64 ? all32 : place.at)
      .bytes(title);
    if (zip64) directory.u16(1, 24).u64(size, place.packed, place.at);
  }
  const start = archive.length;
  archive.bytes(directory.finish());
  const told = count ?? entries.length;
  if (zip64) {
    const at = archive.length;
    archive.u32(0x06064b50).u64(44).u16(45, 45).u32(0, 0).u64(told, told, directory.length, start);
    archive.u32(0x07064b50, 0).u64(at).u32(1);
  }
  archive.u32(0x06054b50).u16(0, 0, Math.min(Number(told), 0xffff), Math.min(Number(told), 0xffff));
  return archive.u32(directory.length, start).u16(0).finish();
}
