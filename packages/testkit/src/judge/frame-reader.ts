import type { Readable } from 'node:stream';

/** One line of JSON and the bytes that it announces as `bytes`. */
export interface Frame {
  readonly header: object;
  readonly payload: Uint8Array;
}

/** Cuts a stream into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #header: { readonly bytes?: number } | undefined;
  #waiting: ((frame: Frame) => void) | undefined;

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      this.#deliver();
    });
  }

  /** The next frame; never settles where the stream ends before it. */
  next(): Promise<Frame> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (!this.#waiting) return;
    this.#header ??= this.#takeHeader();
    if (!this.#header || this.#size < (this.#header.bytes ?? 0)) return;
    const payload = this.#take(this.#header.bytes ?? 0);
    const frame = { header: this.#header, payload };
    const deliver = this.#waiting;
    this.#header = this.#waiting = undefined;
    deliver(frame);
  }

  #takeHeader(): { readonly bytes?: number } | undefined {
    if (this.#chunks.length === 0) return undefined;
    const all = this.#join();
    const end = all.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.#take(end + 1);
    return JSON.parse(Buffer.from(line).toString('utf8')) as { bytes?: number };
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  /** Copies, so that elements of any size are aligned. */
  #take(count: number): Uint8Array {
    const all = this.#join();
    const taken = new Uint8Array(all.subarray(0, count));
    this.#chunks = [all.subarray(count)];
    this.#size -= count;
    return taken;
  }
}
