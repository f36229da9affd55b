import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { throwIfAborted, WhittleError } from '@whittle/core';

/** A tensor of float32 or int32 for the thread. */
export interface ThreadTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

export interface ThreadRequest {
  readonly bytes: Uint8Array;
  /** Inputs of each inference, by the names of the file's signature. */
  readonly inferences: readonly Readonly<Record<string, ThreadTensor>>[];
}

/** The outputs of each inference, by name. */
export type ThreadAnswer = readonly Readonly<Record<string, Float32Array | Int32Array>>[];

type Reply = { readonly results: ThreadAnswer } | { readonly error: string };

const script = new URL('../../wasm/litert-worker.js', import.meta.url);

/** Where LiteRT's package for JavaScript is, or undefined where it isn't installed. */
export function findLiteRtPackage(): string | undefined {
  try {
    return import.meta.resolve('@litertjs/core');
  } catch {
    return undefined;
  }
}

/** A thread with LiteRT's WebAssembly module, which says nothing on standard output. Close it when done. */
export class WasmThread {
  readonly #worker: Worker;
  readonly #signal: AbortSignal | undefined;

  constructor(library: string, signal?: AbortSignal) {
    throwIfAborted(signal);
    this.#signal = signal;
    const options = { workerData: { library }, stdout: true, stderr: true, execArgv: [] };
    this.#worker = new Worker(fileURLToPath(script), options);
    // What it tells is not kept, but must be read for it to go on.
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
  }

  /** @throws RUNTIME_FAILED with what LiteRT says, ABORTED */
  async request(request: ThreadRequest): Promise<ThreadAnswer> {
    throwIfAborted(this.#signal);
    const reply = await new Promise<Reply>((resolve) => {
      const fail = (error: unknown) =>
        resolve({ error: error instanceof Error ? error.message : String(error) });
      const abort = () => void this.#worker.terminate();
      const ended = (code: number) => fail(`the thread ended with ${code}`);
      const done = (found: Reply) => {
        this.#signal?.removeEventListener('abort', abort);
        this.#worker.off('error', fail).off('exit', ended);
        resolve(found);
      };
      this.#signal?.addEventListener('abort', abort, { once: true });
      this.#worker.once('error', fail).once('exit', ended).once('message', done);
      this.#worker.postMessage(request);
    });
    throwIfAborted(this.#signal);
    if ('error' in reply) throw new WhittleError('RUNTIME_FAILED', `litert-wasm: ${reply.error}`);
    return reply.results;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
