import { ByteView } from './byte-view.js';
import { damaged } from './faults.js';

/** Objects of the file's global heap, where texts of any length are; collections are looked through once. */
export class GlobalHeap {
  readonly #file: Uint8Array;
  readonly #collections = new Map<number, ReadonlyMap<number, Uint8Array>>();

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  object(address: number, index: number): Uint8Array {
    let collection = this.#collections.get(address);
    if (!collection) this.#collections.set(address, (collection = this.#read(address)));
    const found = collection.get(index);
    if (!found) throw damaged(`no object ${index} in the heap at ${address}`);
    return found;
  }

  #read(address: number): ReadonlyMap<number, Uint8Array> {
    const objects = new Map<number, Uint8Array>();
    const size = new ByteView(this.#file, address).expect('GCOL').skip(4).u64();
    const view = new ByteView(this.#file, address, address + size).skip(16);
    while (view.left >= 16) {
      const index = view.u16();
      const bytes = view.skip(6).u64();
      // Object 0 is what is free, up to the end.
      if (index === 0) break;
      objects.set(index, view.bytes(bytes));
      view.skip(Math.min((8 - (bytes % 8)) % 8, view.left));
    }
    return objects;
  }
}
