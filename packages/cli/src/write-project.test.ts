import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './whittle.fixture.js';
import { writeProject } from './write-project.js';

const artifact = (files: Record<string, string>) => ({
  files: new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
  startingPoints: ['main.c'],
});
const first = artifact({ 'main.c': 'main 1', 'model.c': 'model 1', 'kernels/a.c': 'a', 'old/b.c': 'b' });
const second = artifact({ 'main.c': 'main 2', 'model.c': 'model 2', 'kernels/c.c': 'c' });
const origin = { whittle: '1.2.3', model: 'ic.tflite', target: 'host', options: {} };
const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
const listing = (out: string) =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

describe('a project', () => {
  it('goes into a folder that is new or empty, with a list of its files', async () => {
    const out = join(temporaryFolder(), 'out');
    const { files, kept, removed } = await writeProject(first, out, { origin });
    expect([...files.keys()]).toEqual(['main.c', 'model.c', 'kernels/a.c', 'old/b.c', 'whittle.json']);
    expect([kept, removed]).toEqual([[], []]);
    expect(JSON.parse(text(out, 'whittle.json'))).toMatchObject({
      ...origin,
      files: { 'model.c': expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await writeProject(first, temporaryFolder(), { origin });
  });

  it('replaces the last export, and removes what it has no more', async () => {
    const out = temporaryFolder();
    await writeProject(first, out, { origin });
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const { removed } = await writeProject(second, out, { origin });
    expect(removed).toEqual(['kernels/a.c', 'old/b.c']);
    expect(listing(out)).toEqual(['c.c', 'main.c', 'mine.txt', 'model.c', 'whittle.json']);
    expect(existsSync(join(out, 'old'))).toBe(false);
    expect(text(out, 'model.c')).toBe('model 2');
  });

  it('keeps a changed starting point, as often as it is exported', async () => {
    const out = temporaryFolder();
    await writeProject(first, out, { origin });
    writeFileSync(join(out, 'main.c'), 'mine');
    for (const each of [second, first]) {
      expect((await writeProject(each, out, { origin })).kept).toEqual(['main.c']);
      expect(text(out, 'main.c')).toBe('mine');
    }
    expect((await writeProject(second, out, { origin, force: true })).kept).toEqual([]);
    expect(text(out, 'main.c')).toBe('main 2');
  });

  it('refuses to lose other changes', async () => {
    const out = temporaryFolder();
    await writeProject(first, out, { origin });
    writeFileSync(join(out, 'model.c'), 'mine');
    writeFileSync(join(out, 'old/b.c'), 'mine');
    await expect(writeProject(second, out, { origin })).rejects.toMatchObject({
      code: 'FOLDER_OCCUPIED',
      message: expect.stringContaining('model.c; --force'),
    });
    expect(listing(out)).toContain('a.c');
    const { kept } = await writeProject(second, out, { origin, force: true });
    expect(kept).toEqual(['old/b.c']);
    expect(text(out, 'model.c')).toBe('model 2');
  });

  it('refuses a folder that no export wrote', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'main.c'), 'mine');
    await expect(writeProject(first, out, { origin })).rejects.toMatchObject({
      code: 'FOLDER_OCCUPIED',
      message: expect.stringContaining('main.c'),
    });
    expect(listing(out)).toEqual(['main.c']);
    await writeProject(first, out, { origin, force: true });
    expect(text(out, 'main.c')).toBe('main 1');
  });

  it('refuses a folder that is configured for another target', async () => {
    const out = temporaryFolder();
    await writeProject(first, out, { origin });
    mkdirSync(join(out, 'build', 'CMakeFiles'), { recursive: true });
    writeFileSync(join(out, 'build', 'CMakeCache.txt'), 'cc');
    await writeProject(second, out, { origin });
    const other = { ...origin, target: 'cortex-m4' };
    await expect(writeProject(second, out, { origin: other })).rejects.toMatchObject({
      code: 'FOLDER_OCCUPIED',
      message: expect.stringContaining('configured for host, not cortex-m4'),
    });
    await writeProject(second, out, { origin: other, force: true });
    expect(readdirSync(join(out, 'build'))).toEqual([]);
  });

  it.each([
    ['not json', 'it is no JSON'],
    ['{}', "'target'"],
    ['{"target": "host", "files": {"../x": "0"}}', "'../x' is no path"],
    ['{"target": "host", "files": {"/x": "0"}}', "'/x' is no path"],
    ['{"target": "host", "files": {"a/../../x": "0"}}', 'is no path'],
  ])('refuses a list of files that cannot be: %s', async (manifest, reason) => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'whittle.json'), manifest);
    await expect(writeProject(first, out, { origin, force: true })).rejects.toMatchObject({
      code: 'FORMAT_INVALID',
      message: expect.stringContaining(reason),
    });
  });
});
