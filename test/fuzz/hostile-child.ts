import { readFileSync } from 'node:fs';
import { isWhittleError, verify } from '@whittle/core';
import { defaultRegistry, readModelFile } from '@whittle/cli';
import type { HostileJob } from './read-hostile.js';
import { heavyStatus } from './watch-child.js';
import type { ChildReport } from './watch-child.js';

// Reads files one after the other, as `whittle` does, and says how each was taken. What hangs or takes too much memory ends
// with this process.
const job = JSON.parse(readFileSync(process.argv[2], 'utf8')) as HostileJob;
const registry = defaultRegistry();
const megabyte = 1 << 20;
const peak = () => process.resourceUsage().maxRSS * 1024;
const send = (report: ChildReport) => process.send!(report);

// The first file of a process does no harm: what reading takes at all isn't counted.
for (let i = 0; i < 3; i++) verify((await readModelFile(job.warmUp, registry)).model);
const before = peak();
for (let index = job.from; index < job.to; index++) {
  const { path, bytes } = job.files[index];
  send({ began: index });
  try {
    verify((await readModelFile(path, registry)).model);
    send({ outcome: 'read', index });
  } catch (error) {
    const coded = isWhittleError(error);
    send(coded ? { outcome: error.code, index } : { fault: String((error as Error).stack), index });
  }
  const taken = peak() - before;
  if (taken > 4 * bytes + 256 * megabyte) {
    await new Promise((sent) => process.send!({ heavy: Math.round(taken / megabyte), index }, sent));
    process.exit(heavyStatus);
  }
}
// What is still to be sent would be lost where the channel is closed at once.
await new Promise((sent) => process.send!({ ended: { read: 0, refused: 0 } }, sent));
process.disconnect();
