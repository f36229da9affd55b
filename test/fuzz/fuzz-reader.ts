import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample } from './samples.js';

/** What a child process is to read. */
export interface FuzzJob {
  readonly format: string;
  readonly file: string;
  readonly beside: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Mutations from this one on ... */
  readonly from: number;
  /** ... to the one before this. */
  readonly to: number;
}

export interface ChildReport {
  /** The mutation that is read from now on. */
  readonly began?: number;
  readonly fault?: string;
  readonly index?: number;
  /** MB that the process took by the end of a mutation, more than it may; it ends then. */
  readonly heavy?: number;
  readonly ended?: { readonly read: number; readonly refused: number };
}

/** A mutation that a reader took otherwise than with a model or a coded error, in bounds. */
export interface Fault {
  readonly format: string;
  readonly sample: string;
  readonly seed: number;
  readonly index: number;
  readonly message: string;
}

export interface FuzzResult {
  readonly faults: Fault[];
  /** How many were read as models, and how many refused, of those whose process came to its end. */
  read: number;
  refused: number;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Called with the number of mutations that are done. */
  readonly onProgress?: (done: number) => void;
}

/** No file may take longer. */
const longestMs = 5000;

/** Reads damaged copies of a file in a process of its own, which ends where one hangs, or takes more memory than it may. */
export async function fuzzReader(
  format: string,
  sample: Sample,
  { seed, from, to, onProgress }: FuzzOptions,
): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-fuzz-'));
  const result: FuzzResult = { faults: [], read: 0, refused: 0 };
  try {
    const write = (name: string, bytes: Uint8Array) => {
      const path = join(folder, name.replaceAll('/', '_'));
      writeFileSync(path, bytes);
      return path;
    };
    const file = write('sample', sample.bytes);
    const beside = Object.fromEntries(
      Object.entries(sample.beside ?? {}).map(([path, bytes]) => [path, write(`beside-${path}`, bytes)]),
    );
    let next = from;
    while (next < to) {
      const job: FuzzJob = { format, file, beside, seed, from: next, to };
      writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
      const limit = Math.ceil(256 + (4 * sample.bytes.length) / (1 << 20));
      next = await runChild(join(folder, 'job.json'), limit, job, sample.name, result, (index) =>
        onProgress?.(index - from),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return result;
}

/** Runs a child to its end, however it comes; the mutation to go on with. */
function runChild(
  path: string,
  limitMb: number,
  job: FuzzJob,
  sample: string,
  result: FuzzResult,
  onProgress: (index: number) => void,
): Promise<number> {
  const { format, seed } = job;
  const child = fork(fileURLToPath(new URL('fuzz-child.ts', import.meta.url)), [path], {
    // Code that is made from text fails here, as any error without a code does.
    execArgv: [
      ...['--import', 'tsx', '--conditions=@whittle/source'],
      ...['--disallow-code-generation-from-strings', `--max-old-space-size=${limitMb}`],
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    let current = -1;
    let since = 0;
    let ended = false;
    let heavy: number | undefined;
    let faulty = -1;
    const fail = (index: number, message: string) => {
      faulty = index;
      result.faults.push({ format, sample, seed, index, message });
    };
    const watch = setInterval(() => {
      if (current < 0 || Date.now() - since <= longestMs) return;
      if (faulty !== current) fail(current, `took more than ${longestMs / 1000} s`);
      child.kill('SIGKILL');
    }, 250);
    child.on('message', (report: ChildReport) => {
      since = Date.now();
      if (report.began !== undefined) {
        current = report.began;
        if (current % 50 === 0) onProgress(current);
      }
      if (report.fault !== undefined) fail(report.index!, report.fault);
      heavy = report.heavy;
      if (report.ended) {
        ended = true;
        result.read += report.ended.read;
        result.refused += report.ended.refused;
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      if (ended) return resolve(job.to);
      if (current < 0)
        return reject(new Error(`${format}, ${sample}: the file itself can't be read: ${said}`));
      // Alone in its process, or again with those after it.
      if (heavy !== undefined && current > job.from) return resolve(current);
      if (heavy !== undefined) fail(current, `took ${heavy} MB`);
      else if (faulty !== current)
        fail(current, `ended the process (${signal ?? code}): ${said.slice(-600)}`);
      resolve(current + 1);
    });
  });
}
