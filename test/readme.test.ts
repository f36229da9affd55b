import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { int8Suites } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { tensorFlowUnavailable } from '@whittle/train';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const missing = process.env.CI ? undefined : await tensorFlowUnavailable();

/** Runs the first example of a document as it stands, in a folder with some files, and hands the folder on. */
async function runExample(
  document: string,
  files: ReadonlyMap<string, Uint8Array>,
  check: (folder: string) => Promise<void>,
): Promise<void> {
  const text = await readFile(join(root, document), 'utf8');
  const code = /```ts\n(.*?)```/s.exec(text)?.[1];
  if (code === undefined) throw new Error(`${document} has no example`);
  const folder = await mkdtemp(join(tmpdir(), 'whittle-readme-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'example.ts'), code);
    for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    await run(process.execPath, [tsx, '--conditions=@whittle/source', 'example.ts'], { cwd: folder });
    await check(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.skipIf(missing)(
  'the example of the README runs as it stands',
  () =>
    runExample('README.md', new Map(), async (folder) => {
      const model = readTfliteModel(await readFile(join(folder, 'digits.tflite')));
      expect(model.outputs.map(({ id }) => model.values.get(id)?.shape)).toEqual([[1, 10]]);
      expect(model.values.get(model.inputs[0].id)?.dtype).toBe('int8');
    }),
  600_000,
);

test('the example of plugins/mcu runs as it stands', async () => {
  const networks = int8Suites([1]).find(({ name }) => name === 'network');
  const [{ model }] = networks!.cases();
  const files = new Map([['model.tflite', await emitTflite(model)]]);
  await runExample('plugins/mcu/README.md', files, async (folder) => {
    const written = await readdir(join(folder, 'wake_word'));
    for (const file of [
      'CMakeLists.txt',
      'README.md',
      'kernels',
      'main.c',
      'model.c',
      'model.h',
      'weights.h',
    ])
      expect(written).toContain(file);
    expect(await readFile(join(folder, 'wake_word/model.h'), 'utf8')).toContain('void wake_word_run(');
  });
}, 60_000);

test("the README's table lies within what it says of all seeds", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const part = (name: string) =>
    new RegExp(`<!-- ${name} -->(.*)<!-- /${name} -->`, 's').exec(readme)?.[1] ?? '';
  const [table, spread] = [part('table'), part('spread').replaceAll('\n', ' ')];
  const number = (text: string | undefined) => Number(text?.replaceAll(',', ''));
  const row = (name: string, column: number) =>
    number(new RegExp(`│ ${name}[^\\n]*`).exec(table)?.[0].split('│')[column].replace('%', ''));
  const figures = [
    ['dense', row('dense', 2), /dense accuracy ([\d.]+)% to ([\d.]+)%/],
    ['int8', row('int8 on int8', 2), /, int8 ([\d.]+)% to ([\d.]+)%/],
    ['points', row('dense', 2) - row('int8 on int8', 2), /\((-?[\d.]+) to (-?[\d.]+) points lost\)/],
    ['MACs', (100 * row('int8 on int8', 4)) / row('dense', 4), /([\d.]+)% to ([\d.]+)% of the MACs/],
    ['bytes', row('int8 on tflm', 5), /([\d,]+) to ([\d,]+) bytes/],
  ] as const;
  for (const [name, value, range] of figures) {
    const [, least, most] = range.exec(spread) ?? [];
    // Ranges are told to the digits that they have.
    expect(value, name).toBeGreaterThanOrEqual(number(least) - 0.05);
    expect(value, name).toBeLessThanOrEqual(number(most) + 0.05);
  }
});

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
