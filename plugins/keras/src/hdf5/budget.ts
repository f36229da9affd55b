import { damaged } from './faults.js';

/** Bytes that may still be made of a file, where it says so little to make so much of: compressed, unwritten, named often. */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** @throws FORMAT_INVALID where there are not so many left */
  take(bytes: number, what: string): void {
    if (!(bytes <= this.#left)) throw damaged(`${what}: more than the file can hold`);
    this.#left -= bytes;
  }
}
