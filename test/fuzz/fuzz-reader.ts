import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from './samples.js';
import { watchChild } from './watch-child.js';

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
      next = await watchChild('fuzz-child.ts', join(folder, 'job.json'), limit, job, {
        onBegin: (index) => {
          if (index % 50 === 0) onProgress?.(index - from);
        },
        onFault: (index, message) =>
          result.faults.push({ format, sample: sample.name, seed, index, message }),
        onEnd: ({ read, refused }) => {
          result.read += read;
          result.refused += refused;
        },
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return result;
}
