import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { ByteView } from './byte-view.js';
import { textOf } from './byte-view.js';
import { Budget } from './budget.js';
import { readData } from './data.js';
import { damaged } from './faults.js';
import { GlobalHeap } from './heap.js';
import { readLinks } from './links.js';
import { floatsOf } from './numbers.js';
import { messageTypes, readMessages } from './object-header.js';
import type { Message } from './object-header.js';
import { rootAddress } from './superblock.js';
import { readElementType, readShape } from './types.js';

/**
 * Data sets may be compressed, or never have been written; as floats they take at most this many times the file together, and
 * `spareBytes`.
 */
const expansion = 1.25;
const spareBytes = 64 << 20;
/** What unpacking them goes through on the way is more: each filter makes as many bytes. */
const stages = 4;

interface Entity {
  readonly messages: readonly Message[];
  /** What is in it, where it is a group. */
  readonly links?: ReadonlyMap<string, number>;
}

/**
 * Reads groups, attributes and data sets of an HDF5 file, by the format's published specification (versions 1 and 2 of
 * object headers). Every length and address is checked, whatever loops is found out, and memory is bounded by the file's size.
 * Paths are from the file's root, without a slash in front.
 */
export class Hdf5File {
  readonly #bytes: Uint8Array;
  readonly #heap: GlobalHeap;
  readonly #root: number;
  readonly #entities = new Map<number, Entity>();
  readonly #floats: Budget;
  readonly #unpacked: Budget;
  readonly #texts: Budget;

  /** `fileBytes`: of the file that it came packed in. @throws FORMAT_INVALID */
  constructor(bytes: Uint8Array, fileBytes = bytes.length) {
    // A Buffer's slice would be no copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#heap = new GlobalHeap(this.#bytes);
    const most = expansion * fileBytes + spareBytes;
    this.#floats = new Budget(most);
    this.#unpacked = new Budget(stages * most);
    this.#texts = new Budget(most);
    this.#root = rootAddress(bytes);
  }

  hasGroup(path: string): boolean {
    return this.#find(path)?.links !== undefined;
  }

  /** An attribute that is one text. */
  text(path: string, name: string): string | undefined {
    const value = this.#attribute(path, name);
    return typeof value === 'string' ? value : undefined;
  }

  /** An attribute that is a list of texts, which Keras cuts into several where it is long. */
  texts(path: string, name: string): string[] | undefined {
    const whole = this.#attribute(path, name);
    if (whole !== undefined) return [...listOf(path, whole)];
    const parts: string[] = [];
    for (let i = 0; ; i++) {
      const part = this.#attribute(path, `${name}${i}`);
      if (part === undefined) return i === 0 ? undefined : parts;
      parts.push(...listOf(path, part));
    }
  }

  /** A data set as floats; undefined where there is none. @throws FORMAT_INVALID, OP_UNSUPPORTED */
  tensor(path: string): Tensor<'float32'> | undefined {
    const messages = this.#find(path)?.messages;
    const space = messages?.find(({ type }) => type === messageTypes.dataspace);
    const datatype = messages?.find(({ type }) => type === messageTypes.datatype);
    if (!messages || !space || !datatype) return undefined;
    const shape = readShape(space.view()) ?? [0];
    const type = readElementType(datatype.view());
    const count = shape.reduce((product, dim) => product * dim, 1);
    this.#floats.take(count * Math.max(4, type.size), `${path}: [${shape.join(', ')}]`);
    const extent = { shape, elementSize: type.size };
    const data = count === 0 ? new Uint8Array() : readData(this.#bytes, messages, extent, this.#unpacked);
    return tensor('float32', shape, floatsOf(data, type));
  }

  #find(path: string): Entity | undefined {
    let at: number | undefined = this.#root;
    for (const name of path.split('/').filter((each) => each !== '')) {
      if (at === undefined) return undefined;
      at = this.#entity(at).links?.get(name);
    }
    return at === undefined ? undefined : this.#entity(at);
  }

  #entity(address: number): Entity {
    let entity = this.#entities.get(address);
    if (!entity) {
      const messages = readMessages(this.#bytes, address);
      const links = readLinks(this.#bytes, messages);
      this.#entities.set(address, (entity = links ? { messages, links } : { messages }));
    }
    return entity;
  }

  /** An attribute's value: one text, a list of them, or undefined where it is neither. */
  #attribute(path: string, wanted: string): string | readonly string[] | undefined {
    for (const message of this.#find(path)?.messages ?? []) {
      if (message.type !== messageTypes.attribute) continue;
      const view = message.view();
      const version = view.u8();
      if (version < 1 || version > 3) throw damaged(`an attribute of version ${version}`);
      const sizes = [view.skip(1).u16(), view.u16(), view.u16()];
      if (version === 3) view.skip(1);
      const [name, type, space] = sizes.map((size) => {
        const part = view.part(size);
        if (version === 1) view.skip((8 - (size % 8)) % 8);
        return part;
      });
      if (textOf(name.bytes(sizes[0])) === wanted) return this.#textsIn(type, space, view);
    }
    return undefined;
  }

  #textsIn(typeView: ByteView, spaceView: ByteView, data: ByteView): string | readonly string[] | undefined {
    const shape = readShape(spaceView);
    const count = shape?.reduce((product, dim) => product * dim, 1);
    // An empty list is one of floats.
    if (!shape || count === undefined || count === 0) return [];
    const type = readElementType(typeView);
    if (type.kind !== 'text' && type.kind !== 'texts elsewhere') return undefined;
    if (count * type.size > data.left) throw damaged(`${count} texts in ${data.left} bytes`);
    const texts = Array.from({ length: count }, () =>
      type.kind === 'text' ? textOf(data.bytes(type.size)) : this.#textElsewhere(data),
    );
    return shape.length === 0 ? texts[0] : texts;
  }

  #textElsewhere(data: ByteView): string {
    const length = data.u32();
    const address = data.address();
    const index = data.u32();
    if (length === 0) return '';
    if (address === undefined) throw damaged('a text that is nowhere');
    const bytes = this.#heap.object(address, index).subarray(0, length);
    this.#texts.take(bytes.length, 'texts');
    return textOf(bytes);
  }
}

function listOf(path: string, value: string | readonly string[]): readonly string[] {
  if (typeof value === 'string') throw damaged(`${path}: found one text, expected a list`);
  return value;
}
