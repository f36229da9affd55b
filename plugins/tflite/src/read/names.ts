/** Ids for what a file names as it likes: empty names are filled in, repeated ones numbered. */
export class Names {
  readonly #taken = new Set<string>();

  /** `base`, or `base_1`, `base_2` and so on where it is taken. */
  take(base: string): string {
    let name = base;
    for (let i = 1; this.#taken.has(name); i++) name = `${base}_${i}`;
    this.#taken.add(name);
    return name;
  }
}
