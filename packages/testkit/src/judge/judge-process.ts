import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { throwIfAborted, WhittleError } from '@whittle/core';
import type { DType } from '@whittle/core';
import type { TestkitErrorCode } from '../errors.js';
import { FrameReader } from './frame-reader.js';
import { findPython, judgeScript, missingPython, pythonEnvironment } from './python.js';

export interface TensorHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** One model with all inputs to run it on. */
export interface JudgeRequest {
  readonly runtime: 'tflm' | 'litert' | 'keras' | 'onnxruntime';
  readonly resolver?: 'xnnpack' | 'builtin' | 'reference';
  /** The model's file, or the path of it. */
  readonly model: Uint8Array | string;
  /** Types of the inputs of one inference. */
  readonly inputs: readonly TensorHeader[];
  /** How many outputs the model has. */
  readonly outputs: number;
  readonly inferences: number;
  /** The inputs of all inferences, one after the other. */
  readonly data: readonly Uint8Array[];
}

export interface JudgeAnswer {
  readonly outputs: readonly TensorHeader[];
  /** The outputs of all inferences, one after the other. */
  readonly data: Uint8Array;
}

export interface JudgeOptions {
  readonly signal?: AbortSignal;
  /** Called a few times a second with the number of inferences so far. */
  readonly onInference?: (done: number) => void;
}

/** What judge.py says: how far it is, and in the end one of the others. */
type AnswerHeader =
  { readonly done: number } | { readonly error: string } | { readonly outputs: readonly TensorHeader[] };

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Judge {
  readonly child: Child;
  readonly frames: FrameReader;
  /** A file without a name that takes what the child writes to standard error. */
  readonly log: number;
  readonly ended: Promise<string>;
}

/**
 * The Python process that runs models in the judges: started at the first request, and again after a crash. It serves
 * one request at a time, keeps nothing between them, doesn't keep this process alive, and ends with it.
 */
export class JudgeProcess {
  #judge: Judge | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws TARGET_UNAVAILABLE, RUNTIME_FAILED, RUNTIME_CRASHED, ABORTED */
  request(request: JudgeRequest, options: JudgeOptions = {}): Promise<JudgeAnswer> {
    const answer = this.#last.then(() => this.#serve(request, options));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Ends the process, where there is one. */
  stop(): void {
    this.#judge?.child.kill('SIGKILL');
    this.#judge = undefined;
  }

  async #serve(request: JudgeRequest, { signal, onInference }: JudgeOptions): Promise<JudgeAnswer> {
    throwIfAborted(signal);
    const judge = (this.#judge ??= this.#start());
    const abort = () => this.stop();
    signal?.addEventListener('abort', abort);
    hold(judge.child, true);
    try {
      ftruncateSync(judge.log);
      send(judge.child.stdin, request);
      for (;;) {
        const frame = await Promise.race([judge.frames.next(), judge.ended]);
        throwIfAborted(signal);
        if (typeof frame === 'string') throw failure('RUNTIME_CRASHED', request, frame, judge.log);
        const header = frame.header as AnswerHeader;
        if ('error' in header) throw failure('RUNTIME_FAILED', request, header.error, judge.log);
        if ('outputs' in header) return { outputs: header.outputs, data: frame.payload };
        onInference?.(header.done);
      }
    } finally {
      hold(judge.child, false);
      signal?.removeEventListener('abort', abort);
    }
  }

  #start(): Judge {
    const python = findPython();
    if (!python) throw new WhittleError('TARGET_UNAVAILABLE', missingPython());
    const log = openUnnamedFile();
    const child = spawn(python, ['-u', judgeScript], {
      stdio: ['pipe', 'pipe', log],
      env: pythonEnvironment(),
    }) as Child;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    // A write to a process that has died fails here too; its end is what counts.
    child.stdin.on('error', () => {});
    const frames = new FrameReader(child.stdout);
    const judge: Judge = { child, frames, log, ended: endOf(child) };
    void judge.ended.then(() => {
      process.removeListener('exit', kill);
      if (this.#judge === judge) this.#judge = undefined;
      setImmediate(() => closeSync(log));
    });
    return judge;
  }
}

function send(stdin: Writable, request: JudgeRequest): void {
  const { model, data, ...rest } = request;
  const dataBytes = data.reduce((sum, bytes) => sum + bytes.length, 0);
  const header = typeof model === 'string' ? { ...rest, path: model } : rest;
  const modelBytes = typeof model === 'string' ? 0 : model.length;
  stdin.write(`${JSON.stringify({ ...header, modelBytes, dataBytes })}\n`);
  if (typeof model !== 'string') stdin.write(model);
  for (const bytes of data) stdin.write(bytes);
}

/** Says how a child ended, once all that it wrote has been read. */
function endOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it couldn't be started: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(signal ? `the process died of ${signal}` : `the process ended with exit code ${code}`),
    );
  });
}

function failure(code: TestkitErrorCode, request: JudgeRequest, reason: string, log: number): WhittleError {
  const said = tail(log);
  return new WhittleError(code, `${request.runtime}: ${reason}${said ? ` (${said})` : ''}`);
}

/** Whether the child keeps this process alive: only while an answer is awaited. */
function hold(child: Child, active: boolean): void {
  for (const handle of [child, child.stdin, child.stdout] as readonly { ref?(): void; unref?(): void }[])
    if (active) handle.ref?.();
    else handle.unref?.();
}

function openUnnamedFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'whittle-judge-'));
  const file = openSync(join(directory, 'log'), 'a+');
  rmSync(directory, { recursive: true });
  return file;
}

/** The last lines of a log, on one line. */
function tail(file: number): string {
  const { size } = fstatSync(file);
  const length = Math.min(size, 600);
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, size - length);
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-3)
    .join('; ');
}
