import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFileBeside } from './read-file.js';

const root = mkdtempSync(join(tmpdir(), 'whittle-read-file-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'model/shards'), { recursive: true });
writeFileSync(join(root, 'model/model.json'), '{}');
writeFileSync(join(root, 'model/shards/1.bin'), 'shard');
writeFileSync(join(root, 'secret'), 'secret');
symlinkSync(join(root, 'secret'), join(root, 'model/link'));
symlinkSync('shards/1.bin', join(root, 'model/inner'));

const model = join(root, 'model/model.json');

describe('a file that a model names', () => {
  it.each(['shards/1.bin', './shards/../shards/1.bin', 'inner'])('is read: %s', async (name) => {
    expect(Buffer.from(await readFileBeside(model, name)).toString()).toBe('shard');
  });

  it.each(['../secret', join(root, 'secret'), 'link', 'shards/../../secret', '..', '..\\secret', 'a\0b'])(
    'is refused outside of the folder: %j',
    async (name) => {
      await expect(readFileBeside(model, name)).rejects.toMatchObject({ code: 'FORMAT_INVALID' });
    },
  );

  it.each(['missing.bin', 'shards', 'shards/1.bin/2'])(
    'is named where it is unreadable: %s',
    async (name) => {
      await expect(readFileBeside(model, name)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    },
  );
});
