import { ByteWriter } from './byte-writer.js';

/** What an address is where there is nothing. */
const nowhere = 0xffffffffffffffffn;

interface Message {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A data set; its bytes lie where a layout says. */
export interface DataSet {
  readonly shape: readonly (number | bigint)[];
  /** float32, or uint8. */
  readonly elementBytes?: 4 | 1;
  /** In chunks of this shape; without, nothing was written and all is zero. */
  readonly chunk?: readonly number[];
  /** Where the tree of chunks begins. */
  readonly tree?: number;
  /** What was done to chunks, by number: 1 is deflate, 2 shuffle. */
  readonly filters?: readonly number[];
}

const head = 48;

/** Writes HDF5 files by hand, the parts of newer ones where there is a choice: addresses are returned and may be used anyhow. */
export class Hdf5Writer {
  readonly #file = new ByteWriter();

  get next(): number {
    return head + this.#file.length;
  }

  bytes(data: Uint8Array): number {
    const at = this.next;
    this.#file.bytes(data).align(8);
    return at;
  }

  /** A collection of texts that attributes refer to; they are objects 1 and so on. */
  heap(...texts: readonly Uint8Array[]): number {
    const objects = new ByteWriter();
    texts.forEach((text, i) =>
      objects
        .u16(i + 1, 1)
        .u32(0)
        .u64(text.length)
        .bytes(text)
        .align(8),
    );
    const size = 16 + objects.length + 16;
    const collection = new ByteWriter().text('GCOL').u8(1, 0, 0, 0).u64(size).bytes(objects.finish());
    return this.bytes(collection.u64(0, 0).finish());
  }

  object(messages: readonly Message[]): number {
    const body = new ByteWriter();
    for (const { type, body: data } of messages) body.u8(type).u16(data.length).u8(0).bytes(data);
    const header = new ByteWriter().text('OHDR').u8(2, 2).u32(body.length).bytes(body.finish());
    return this.bytes(header.u32(0).finish());
  }

  group(links: Readonly<Record<string, number>>, attributes: readonly Message[] = []): number {
    const info = { type: 2, body: new ByteWriter().u8(0, 0).u64(nowhere, nowhere).finish() };
    const named = Object.entries(links).map(([name, address]) => ({
      type: 6,
      body: new ByteWriter().u8(1, 0, name.length).text(name).u64(address).finish(),
    }));
    return this.object([info, ...named, ...attributes]);
  }

  dataSet({ shape, elementBytes = 4, chunk, tree, filters }: DataSet): number {
    const space = new ByteWriter().u8(2, shape.length, 0, 1).u64(...shape);
    const real = new ByteWriter().u8(0x11, 0x20, 0x1f, 0).u32(4).u16(0, 32).u8(23, 8, 0, 23).u32(127);
    const type = elementBytes === 4 ? real : new ByteWriter().u8(0x10, 0, 0, 0).u32(1).u16(0, 8);
    const layout = chunk
      ? new ByteWriter()
          .u8(3, 2, chunk.length + 1)
          .u64(tree ?? nowhere)
          .u32(...chunk, elementBytes)
      : new ByteWriter().u8(3, 1).u64(nowhere, 0);
    const messages = [
      { type: 1, body: space.finish() },
      { type: 3, body: type.finish() },
      { type: 8, body: layout.finish() },
    ];
    const filtering = new ByteWriter().u8(2, filters?.length ?? 0);
    for (const id of filters ?? []) filtering.u16(id, 0, 0);
    return this.object(filters ? [...messages, { type: 11, body: filtering.finish() }] : messages);
  }

  /** The whole file. */
  finish(root: number): Uint8Array {
    const file = new ByteWriter().u8(0x89).text('HDF\r\n').u8(0x1a, 0x0a, 2, 8, 8, 0);
    file.u64(0, nowhere, this.next, root).u32(0);
    return file.bytes(this.#file.finish()).finish();
  }
}

/** A node of a tree of chunks: where each begins and lies. */
export function chunkTree(
  chunks: readonly { readonly start: readonly number[]; readonly stored: number; readonly at: number }[],
  level = 0,
): Uint8Array {
  const node = new ByteWriter().text('TREE').u8(1, level).u16(chunks.length).u64(nowhere, nowhere);
  for (const { start, stored, at } of chunks) node.u32(stored, 0).u64(...start, 0, at);
  return node.finish();
}

/** An attribute of texts in the heap: one, or a list. */
export function textAttribute(
  name: string,
  heap: number,
  objects: readonly number[],
  sizes: number,
  list = true,
): Message {
  const type = new ByteWriter().u8(0x19, 1, 0, 0).u32(16).u8(0x10, 0, 0, 0).u32(1).u16(0, 8).finish();
  const space = list ? new ByteWriter().u8(2, 1, 0, 1).u64(objects.length) : new ByteWriter().u8(2, 0, 0, 0);
  const body = new ByteWriter()
    .u8(3, 0)
    .u16(name.length + 1, type.length, space.length)
    .u8(0);
  body.text(`${name}\0`).bytes(type, space.finish());
  for (const object of objects) body.u32(sizes).u64(heap).u32(object);
  return { type: 12, body: body.finish() };
}
