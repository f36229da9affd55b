import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readTfliteModel } from '@whittle/tflite';
import { tensorFlowUnavailable } from '@whittle/train';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const missing = process.env.CI ? undefined : await tensorFlowUnavailable();

test.skipIf(missing)(
  'the example of the README runs as it stands',
  async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    expect(code).toContain('runPipeline');
    const folder = await mkdtemp(join(tmpdir(), 'whittle-readme-'));
    try {
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'example.ts'), code);
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      await run(process.execPath, [tsx, '--conditions=@whittle/source', 'example.ts'], { cwd: folder });
      const model = readTfliteModel(await readFile(join(folder, 'digits.tflite')));
      expect(model.outputs.map(({ id }) => model.values.get(id)?.shape)).toEqual([[1, 10]]);
      expect(model.values.get(model.inputs[0].id)?.dtype).toBe('int8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  600_000,
);

test('documents link to what is there, and AGENTS.md stays short', async () => {
  const packages = (
    await Promise.all(
      ['packages', 'plugins', 'examples'].map(async (f) =>
        (await readdir(join(root, f))).map((p) => `${f}/${p}/README.md`),
      ),
    )
  ).flat();
  for (const document of ['README.md', 'CONTRIBUTING.md', 'AGENTS.md', 'docs/concepts.md', ...packages]) {
    const text = await readFile(join(root, document), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      await expect(
        readdirOrRead(join(root, document, '..', target)),
        `${document} links to ${target}`,
      ).resolves.toBeDefined();
  }
  expect((await readFile(join(root, 'AGENTS.md'), 'utf8')).split('\n').length).toBeLessThan(100);
});

async function readdirOrRead(path: string): Promise<unknown> {
  try {
    return await readdir(path);
  } catch {
    return readFile(path);
  }
}
