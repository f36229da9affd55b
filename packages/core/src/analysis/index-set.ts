/** A set of indices from 0 on, ordered: a flag for each. */
export class IndexSet implements Iterable<number> {
  #flags = new Uint8Array(64);
  #size = 0;

  constructor(indices: Iterable<number> = []) {
    for (const index of indices) this.add(index);
  }

  get size(): number {
    return this.#size;
  }

  has(index: number): boolean {
    return this.#flags[index] === 1;
  }

  add(index: number): void {
    if (index >= this.#flags.length) {
      const longer = new Uint8Array(Math.max(index + 1, 2 * this.#flags.length));
      longer.set(this.#flags);
      this.#flags = longer;
    }
    this.#size += 1 - this.#flags[index];
    this.#flags[index] = 1;
  }

  /** The indices below `extent` that are not in the set, in order. */
  others(extent: number): Int32Array {
    const others = new Int32Array(extent);
    let count = 0;
    for (let index = 0; index < extent; index++) if (this.#flags[index] !== 1) others[count++] = index;
    return others.subarray(0, count);
  }

  [Symbol.iterator](): Iterator<number> {
    const indices: number[] = [];
    for (let index = 0; index < this.#flags.length; index++)
      if (this.#flags[index] === 1) indices.push(index);
    return indices.values();
  }
}

/** An `IndexSet` that is only read. */
export type ReadonlyIndexSet = Pick<IndexSet, 'has' | 'size' | 'others' | typeof Symbol.iterator>;
