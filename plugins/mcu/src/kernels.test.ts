import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from './tools.fixture.js';

const kernels = fileURLToPath(new URL('../kernels/', import.meta.url));
const files = readdirSync(kernels);
const sources = files.filter((file) => file.endsWith('.c')).map((file) => join(kernels, file));
const headers = files.filter((file) => file.endsWith('.h'));

const strict = ['-O2', '-Wall', '-Wextra', '-Wconversion', '-Werror'];
const c11 = ['-std=c11', '-pedantic', ...strict];

let out: string;
beforeAll(() => void (out = mkdtempSync(join(tmpdir(), 'whittle-kernels-'))));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Resolves with the compiler's diagnostics. */
async function compile(compiler: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(compiler, args, { cwd: out })).stderr;
}

describe('every kernel compiles without a warning', () => {
  test.skipIf(!present('gcc'))('with gcc for the host (skipped without gcc)', async () => {
    expect(await compile('gcc', [...c11, '-c', ...sources])).toBe('');
  });

  for (const core of ['cortex-m0plus', 'cortex-m3', 'cortex-m4', 'cortex-m55']) {
    test.skipIf(!present('arm-none-eabi-gcc'))(
      `with arm-none-eabi-gcc for ${core} (skipped without it)`,
      async () => {
        const target = [`-mcpu=${core}`, '-mthumb', '-mfloat-abi=soft'];
        expect(await compile('arm-none-eabi-gcc', [...target, ...c11, '-c', ...sources])).toBe('');
      },
    );
  }
});

test.skipIf(!present('g++'))('every header stands alone in C++ (skipped without g++)', async () => {
  expect(headers.length).toBeGreaterThan(20);
  for (const header of headers)
    expect(
      await compile('g++', ['-x', 'c++', '-std=c++17', ...strict, '-fsyntax-only', join(kernels, header)]),
    ).toBe('');
});

test.skipIf(!present('gcc') || !present('nm'))(
  'a kernel file holds one public function, named like the file, and calls nothing but memory functions',
  async () => {
    const run = promisify(execFile);
    for (const file of files.filter((name) => name.endsWith('.c'))) {
      const object = join(out, 'one.o');
      await compile('gcc', [...c11, '-c', join(kernels, file), '-o', object]);
      const { stdout } = await run('nm', ['-g', object]);
      const symbols = [...stdout.matchAll(/ ([A-Z]) (\w+)$/gm)].map(([, kind, name]) => `${kind} ${name}`);
      expect(symbols).toContain(`T ${file.slice(0, -'.c'.length)}`);
      const others = symbols.filter(
        (symbol) => !/^U (memcpy|memmove|memset|_GLOBAL_OFFSET_TABLE_)$/.test(symbol),
      );
      expect(others).toHaveLength(1);
    }
  },
);
