import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bind, LoweringTable } from '@whittle/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { clangFlags } from './clang.fixture.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelFiles } from './kernel-files.js';
import { kernelLowerings } from './lowerings/index.js';
import { randomNetwork } from './random-network.fixture.js';
import { targets } from './targets/index.js';
import type { Target } from './targets/index.js';
import { present } from './tools.fixture.js';
import { writeFiles } from './work-folder.js';

const kernels = fileURLToPath(new URL('../kernels/', import.meta.url));
const files = readdirSync(kernels);

/** The instruction set that a file is for; nothing for portable C. */
const featureOf = (file: string) => /_(armv6m|dsp|mve|neon|dotprod|simd128)(?=[_.])/.exec(file)?.[1];

/** The C and assembly files that a target may compile. */
function sourcesFor({ features }: Target): string[] {
  const may = (file: string) => featureOf(file) === undefined || features.some((f) => f === featureOf(file));
  return files.filter((file) => /\.[cS]$/.test(file) && may(file)).map((file) => join(kernels, file));
}

const strict = ['-Wall', '-Wextra', '-Wconversion', '-Werror'];
const c11 = ['-std=c11', '-pedantic', ...strict];

let out: string;
beforeAll(() => void (out = mkdtempSync(join(tmpdir(), 'whittle-kernels-'))));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const run = promisify(execFile);

/** Compiles each file to an object in a folder. Resolves with the diagnostics. */
async function compile(
  folder: string,
  compiler: string,
  args: readonly string[],
  paths: readonly string[],
): Promise<string> {
  const said: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const assembly of [true, false]) {
    const some = paths.filter((path) => path.endsWith('.S') === assembly);
    const options = assembly ? args.filter((arg) => !c11.includes(arg)) : args;
    if (some.length > 0)
      said.push((await run(compiler, [...options, '-c', ...some], { cwd: folder })).stderr);
  }
  return said.join('');
}

/** Global symbols of the objects in a folder by kind, as `nm` has it; `U` is what an object calls. */
async function symbolsIn(
  folder: string,
  nm: string,
): Promise<Map<string, { kind: string; symbol: string }[]>> {
  const objects = readdirSync(folder).filter((file) => file.endsWith('.o'));
  const symbols = new Map<string, { kind: string; symbol: string }[]>(objects.map((object) => [object, []]));
  const { stdout } = await run(nm, ['-g', '-A', ...objects], { cwd: folder });
  for (const [, object, kind, symbol] of stdout.matchAll(/^([^:]+):.* ([A-Z]) (\w+)$/gm))
    symbols.get(object)!.push({ kind, symbol });
  return symbols;
}

/** What kernels made for the shapes of some networks consist of. */
async function writeInstances(target: Target, folder: string): Promise<string[]> {
  const lowerings = new LoweringTable(kernelLowerings);
  const models = [integerNetwork(), ...[1, 2, 3, 4, 5, 6, 7, 8].map((seed) => randomNetwork(seed))];
  const used = [];
  for (const model of models)
    for (const optimize of ['speed', 'ram'] as const) {
      const context = { features: target.features, optimize };
      used.push(...(await buildProgram(bind(model, { batch: 1 }), lowerings, context)).kernels);
    }
  const written = await kernelFiles(used);
  await writeFiles(folder, written);
  return [...written.keys()].filter((name) => /\.[cS]$/.test(name)).map((name) => join(folder, name));
}

describe('every kernel compiles without a warning', () => {
  for (const target of targets) {
    test.skipIf(!present(target.compiler))(
      `for ${target.name} with ${target.compiler} (skipped without it)`,
      async () => {
        // WebAssembly brings its own <string.h>.
        const libc = target.module ? ['-isystem', fileURLToPath(new URL('../wasm/', import.meta.url))] : [];
        const args = [...target.flags, ...libc, ...c11];
        const folder = join(out, target.name);
        expect(await compile(folder, target.compiler, args, sourcesFor(target))).toBe('');
        if (target.compiler !== 'clang') await expectOneFunctionEach(target, folder);
        const instances = await writeInstances(target, folder);
        expect(await compile(folder, target.compiler, [...args, '-I', kernels], instances)).toBe('');
      },
      60_000,
    );

    test.skipIf(!present('clang', target.compiler) || target.compiler === 'clang')(
      `for ${target.name} with clang (skipped without it, and without ${target.compiler})`,
      async () => {
        const flags = await clangFlags(target);
        expect(flags).toBeDefined();
        // Its warnings come before it optimizes.
        const args = [...flags!, ...c11, '-O0'];
        const folder = join(out, `${target.name}-clang`);
        expect(await compile(folder, 'clang', args, sourcesFor(target))).toBe('');
        const instances = await writeInstances(target, folder);
        expect(await compile(folder, 'clang', [...args, '-I', kernels], instances)).toBe('');
      },
      60_000,
    );
  }
});

/** Each file has one public function, named like the file, and calls only memory functions and kernels. */
async function expectOneFunctionEach(target: Target, folder: string): Promise<void> {
  const symbols = await symbolsIn(folder, target.compiler.replace(/gcc$|^cc$/, 'nm'));
  expect(symbols.size).toBe(sourcesFor(target).length);
  for (const [object, list] of symbols) {
    const defined = list.filter(({ kind }) => kind !== 'U').map(({ symbol }) => symbol);
    expect(defined, object).toEqual([object.slice(0, -2)]);
    const called = list.filter(({ kind }) => kind === 'U').map(({ symbol }) => symbol);
    // The compiler's own arithmetic (__aeabi_lmul) is no function of a library that a program would have to have.
    const others = called.filter(
      (symbol) => !/^(memcpy|memmove|memset|_GLOBAL_OFFSET_TABLE_|whittle_\w+|__\w+)$/.test(symbol),
    );
    expect(others, object).toEqual([]);
  }
}

test.skipIf(!present('g++'))('every header stands alone in C++ (skipped without g++)', async () => {
  const headers = files.filter((file) => file.endsWith('.h'));
  const portable = headers.filter(
    (file) => ['simd128', undefined].includes(featureOf(file)) && !/_(neon|wasm)\.h$/.test(file),
  );
  expect(portable.length).toBeGreaterThan(20);
  const cpp = ['-O2', ...strict, '-x', 'c++', '-std=c++17', '-fsyntax-only'];
  for (const header of portable)
    expect((await run('g++', [...cpp, join(kernels, header)])).stderr, header).toBe('');
});
