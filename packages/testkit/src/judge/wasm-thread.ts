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

/**
 * The thread with LiteRT's WebAssembly module: started at the first request, and again after it ended. It serves one request at
 * a time, keeps nothing between them, says nothing on standard output, and doesn't keep this process alive.
 */
export class WasmThread {
  readonly #library: string;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(library: string) {
    this.#library = library;
  }

  /** @throws RUNTIME_FAILED with what LiteRT says, ABORTED */
  request(request: ThreadRequest, signal?: AbortSignal): Promise<ThreadAnswer> {
    const answer = this.#last.then(() => this.#serve(request, signal));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #serve(request: ThreadRequest, signal: AbortSignal | undefined): Promise<ThreadAnswer> {
    throwIfAborted(signal);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const reply = await new Promise<Reply>((resolve) => {
      const fail = (error: unknown) =>
        done({ error: error instanceof Error ? error.message : String(error) });
      const abort = () => void worker.terminate();
      const ended = (code: number) => fail(`the thread ended with ${code}`);
      const done = (found: Reply) => {
        signal?.removeEventListener('abort', abort);
        worker.off('error', fail).off('exit', ended).off('message', done);
        resolve(found);
      };
      signal?.addEventListener('abort', abort, { once: true });
      worker.once('error', fail).once('exit', ended).once('message', done);
      worker.postMessage(request);
    });
    worker.unref();
    throwIfAborted(signal);
    if ('error' in reply) throw new WhittleError('RUNTIME_FAILED', `litert-wasm: ${reply.error}`);
    return reply.results;
  }

  #start(): Worker {
    const options = { workerData: { library: this.#library }, stdout: true, stderr: true, execArgv: [] };
    const worker = new Worker(fileURLToPath(script), options);
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.once('error', forget).once('exit', forget);
    return worker;
  }
}
