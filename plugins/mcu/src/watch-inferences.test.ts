import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { completeInferences, watchInferences } from './watch-inferences.js';
import { withWorkFolder } from './work-folder.js';

const cases = [
  { inferences: 2, bytes: 10 },
  { inferences: 0, bytes: 3 },
  { inferences: 3, bytes: 5 },
];

test('counts the inferences that are whole, past the stack words of cases', () => {
  const sizes = [0, 9, 10, 19, 20, 24, 28, 32, 33, 42, 43, 47];
  expect(sizes.map((size) => completeInferences(size, cases))).toEqual([0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 5, 5]);
});

test('reports what a file has while it grows, and all at the end', async () => {
  await withWorkFolder(async (folder) => {
    const file = join(folder, 'outputs.bin');
    const reports: number[] = [];
    const reported = async (done: number) => {
      while (reports.at(-1) !== done) await sleep(10);
    };
    await watchInferences(
      file,
      cases,
      (done) => reports.push(done),
      async () => {
        await writeFile(file, new Uint8Array(11));
        await reported(1);
        await appendFile(file, new Uint8Array(22));
        await reported(3);
      },
    );
    expect(reports).toEqual([1, 3, 5]);
  });
});

test('reports no end where the work fails', async () => {
  const reports: number[] = [];
  const work = () => Promise.reject(new Error('stopped'));
  await expect(watchInferences('nowhere', cases, (done) => reports.push(done), work)).rejects.toThrow(
    'stopped',
  );
  expect(reports).toEqual([]);
});
