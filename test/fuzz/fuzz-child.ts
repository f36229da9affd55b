import { readFileSync } from 'node:fs';
import { coreOps, isWhittleError, verify, WhittleError } from '@whittle/core';
import type { Model, Reader } from '@whittle/core';
import { defaultRegistry } from '@whittle/cli';
import { mutation } from '@whittle/testkit';
import type { FuzzJob } from './fuzz-reader.js';
import { heavyStatus } from './watch-child.js';
import type { ChildReport } from './watch-child.js';

// Reads damaged files one after the other, and tells its parent of each before it begins and after it ends. What hangs or
// takes too much memory ends with this process.
const job = JSON.parse(readFileSync(process.argv[2], 'utf8')) as FuzzJob;
const bytes = new Uint8Array(readFileSync(job.file));
const reader = defaultRegistry().readers.find(({ format }) => format === job.format)!;
const megabyte = 1 << 20;
const peak = () => process.resourceUsage().maxRSS * 1024;
const send = (report: ChildReport) => process.send!(report);

for (let i = 0; i < 3; i++) verify(await read(reader, bytes));
const before = peak();
let [passed, refused] = [0, 0];
for (let index = job.from; index < job.to; index++) {
  const damaged = mutation(bytes, job.seed, index);
  send({ began: index });
  const fault = await faultOf(damaged);
  if (fault !== undefined) send({ fault, index });
  const taken = peak() - before;
  if (taken > 4 * bytes.length + 256 * megabyte) {
    // The peak never falls: this one may have come of many files, and a process of its own has to tell.
    await new Promise((sent) => process.send!({ heavy: Math.round(taken / megabyte), index }, sent));
    process.exit(heavyStatus);
  }
}
// What is still to be sent would be lost where the channel is closed at once.
await new Promise((sent) => process.send!({ ended: { read: passed, refused } }, sent));
process.disconnect();

/** Reads a file as users do: only what the reader recognizes, but for the undamaged one. */
async function read({ read: readModel }: Reader, file: Uint8Array): Promise<Model> {
  return readModel(file, { ops: coreOps, readBeside: (path) => readBeside(path) });
}

function readBeside(path: string): Promise<Uint8Array> {
  const found = job.beside[path];
  if (found === undefined)
    return Promise.reject(new WhittleError('FILE_UNREADABLE', `there is no ${path} beside the file`));
  return Promise.resolve(new Uint8Array(readFileSync(found)));
}

/** What is wrong with how the reader took a damaged file; undefined where nothing is. */
async function faultOf(damaged: Uint8Array): Promise<string | undefined> {
  let model: Model;
  try {
    reader.recognizes(damaged);
    model = await read(reader, damaged);
  } catch (error) {
    if (!isWhittleError(error)) return describe(error);
    refused++;
    return undefined;
  }
  try {
    verify(model);
  } catch (error) {
    return `read a model that is not valid: ${describe(error)}`;
  }
  passed++;
  return undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
