import { WhittleError } from '@whittle/core';
import { enums, tables, unions } from './generated/layout.js';

const numberWidths: Readonly<Record<string, number>> = {
  bool: 1,
  byte: 1,
  ubyte: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  long: 8,
  ulong: 8,
};

/** Bytes of the types that are stored in place; all others are offsets of 4 bytes. */
const widths: Readonly<Record<string, number>> = {
  ...numberWidths,
  ...Object.fromEntries(Object.entries(enums).map(([name, base]) => [name, numberWidths[base]])),
};

/** What a table, and an element of a list, takes in memory once it is unpacked, in bytes. */
const tableMemory = 320;
const elementMemory = 8;
/** Unpacked tables take at most this many times the file, and `spareMemory`. */
const memoryFactor = 2;
const spareMemory = 160 << 20;

/** The flatbuffer runtime reads offsets and vtable entries as signed numbers. */
const maxOffset = 2 ** 31;
const maxVtableEntry = 2 ** 15;

/**
 * Checks that every table, list, string and union that the schema knows lies within `bytes`, starting from the root
 * table, so that the generated readers stay within bounds. Parts may be shared, but a file that unfolds to far
 * more than its own size is refused: the time is proportional to the size of the file, whatever it holds.
 * @throws FORMAT_INVALID with the field and what is wrong with it.
 */
export function verifyTables(bytes: Uint8Array, root: 'Model' | 'ModelMetadata' = 'Model'): void {
  new Verifier(bytes, root === 'Model' ? 'model' : 'metadata').table(root, 0);
}

class Verifier {
  readonly #root: string;
  readonly #view: DataView;
  readonly #path: (string | number)[] = [];
  #budget: number;
  #memory: number;

  /** `root`: what errors call the root table. */
  constructor(bytes: Uint8Array, root: string) {
    this.#root = root;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = 4 * bytes.byteLength + 65536;
    this.#memory = memoryFactor * bytes.byteLength + spareMemory;
  }

  /** Verifies the table that the offset at `at` points to. */
  table(type: string, at: number): void {
    const start = this.#follow(at);
    this.#spend(1, tableMemory);
    const vtable = start - this.#int32(start);
    const vtableSize = this.#uint16(vtable);
    const size = this.#uint16(vtable + 2);
    if (vtableSize < 4 || vtableSize % 2 !== 0 || vtableSize >= maxVtableEntry)
      this.#fail(`has a vtable of ${vtableSize} bytes`);
    this.#within(vtable, vtableSize, 'vtable');
    this.#within(start, size, 'table');
    const place = (slot: number) => {
      const entry = 4 + 2 * slot;
      return entry < vtableSize ? this.#uint16(vtable + entry) : 0;
    };
    for (const [slot, [name, fieldType]] of tables[type].entries()) {
      const offset = place(slot);
      if (offset === 0 || fieldType === 'deprecated') continue;
      this.#path.push(name);
      const width = widths[fieldType] ?? 4;
      if (offset < 4 || offset + width > size || offset >= maxVtableEntry)
        this.#fail(`lies at ${offset} of a table of ${size} bytes`);
      const union = fieldType.startsWith('union ') ? fieldType.slice(6) : undefined;
      // The bytes of buffers stay where they are.
      if (type === 'Buffer' && name === 'data') this.#list(start + offset, 1, 0);
      else if (union === undefined) this.#field(fieldType, start + offset);
      else
        this.#union(union, place(slot - 1) === 0 ? 0 : this.#uint8(start + place(slot - 1)), start + offset);
      this.#path.pop();
    }
  }

  #field(type: string, at: number): void {
    if (type in widths) return;
    if (type === 'string') this.#list(at, 1, 1);
    else if (type.startsWith('[')) this.#elements(type.slice(1, -1), at);
    else this.table(type, at);
  }

  #union(name: string, member: number, at: number): void {
    if (member === 0) return;
    const type = unions[name][member - 1];
    if (type === undefined)
      this.#fail(`has type ${member}, expected at most ${unions[name].length} (${name})`);
    this.table(type, at);
  }

  #elements(type: string, at: number): void {
    const width = widths[type] ?? 4;
    const { start, length } = this.#list(at, width, elementMemory);
    if (type in widths) return;
    for (let i = 0; i < length; i++) {
      this.#path.push(i);
      this.#field(type, start + 4 * i);
      this.#path.pop();
    }
  }

  #list(at: number, width: number, memory: number): { start: number; length: number } {
    const start = this.#follow(at);
    const length = this.#uint32(start);
    this.#within(start + 4, length * width, 'list');
    this.#spend(length, memory * length);
    return { start: start + 4, length };
  }

  #follow(at: number): number {
    const target = at + this.#uint32(at);
    if (target === at || target >= maxOffset) this.#fail(`points to ${target}`);
    return target;
  }

  #spend(steps: number, memory: number): void {
    this.#budget -= steps;
    this.#memory -= memory;
    if (this.#budget < 0 || this.#memory < 0) this.#fail('unfolds to many times the size of the file');
  }

  #within(start: number, size: number, what: string): void {
    if (start < 0 || start + size > this.#view.byteLength)
      this.#fail(
        `has a ${what} of ${size} bytes at byte ${start} of ${this.#view.byteLength}: the file is cut off or damaged`,
      );
  }

  #uint8(at: number): number {
    this.#within(at, 1, 'number');
    return this.#view.getUint8(at);
  }

  #uint16(at: number): number {
    this.#within(at, 2, 'number');
    return this.#view.getUint16(at, true);
  }

  #int32(at: number): number {
    this.#within(at, 4, 'number');
    return this.#view.getInt32(at, true);
  }

  #uint32(at: number): number {
    this.#within(at, 4, 'number');
    return this.#view.getUint32(at, true);
  }

  #fail(message: string): never {
    const where = this.#path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
    throw new WhittleError('FORMAT_INVALID', `.tflite: ${this.#root}${where} ${message}`);
  }
}
