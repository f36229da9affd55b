import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoweringTable } from '@whittle/core';
import type { Artifact } from '@whittle/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emitProject, projectBackends } from './backends.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { cortexM4, host, wasm } from './targets/index.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { present } from './tools.fixture.js';
import { writeFiles } from './work-folder.js';

const lowerings = new LoweringTable(kernelLowerings);
const emit = (target: Target, options = {}) => emitProject(integerNetwork(), target, { lowerings, options });
const text = ({ files }: Artifact, path: string) => new TextDecoder().decode(files.get(path));

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'whittle-project-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('projects', () => {
  test('hold only the kernels that they use, and the same bytes every time', async () => {
    const portable: Target = { ...host, features: [] };
    const artifact = await emit(portable);
    const names = [...artifact.files.keys()];
    expect(names).toContain('kernels/whittle_conv_2d_s8.c');
    expect(names).toContain('kernels/whittle_pair.h');
    expect(names).not.toContain('kernels/whittle_mul_s8.c');
    expect(await emit(portable)).toEqual(artifact);
  });

  test('read layer by layer', async () => {
    const source = text(await emit(host), 'model.c');
    const layers = [...source.matchAll(/^ {2}\/\* (\w+): .*\*\/$/gm)].map(([, name]) => name);
    expect(layers).toEqual(integerNetwork().nodes.map(({ outputs }) => outputs[0]));
    expect(source).toContain('  /* pooled: average_pool2d int8[1, 12, 12, 6] -> int8[1, 6, 6, 6] */');
  });

  test('tell what is computed in stripes row by row', async () => {
    const source = text(await emit(host, { optimize: 'ram' }), 'model.c');
    expect(source).toContain('/* Computed together, stripe by stripe of rows');
    expect(source).toMatch(/int8_t \*const \w+_rows = arena \+ \d+;/);
    expect(source).toMatch(/\/\* \w+: rows \d+ to \d+ \*\//);
    expect(source).toMatch(/\/\* \w+: keeps rows? .* for this stripe \*\//);
    // Nothing in the arena is nameless.
    expect(source).not.toMatch(/\(void \*\)\(arena \+ \d+\)[,)]/);
  });

  test('say what they were made from', async () => {
    const readme = text(await emit(cortexM4, { optimize: 'ram', ram: 100_000 }), 'README.md');
    for (const row of [
      '| model | integer network |',
      '| target | cortex-m4 |',
      '| optimized for | ram |',
      '| limits | 100000 bytes of RAM, 1000000 bytes of flash |',
    ])
      expect(readme).toContain(row);
    expect(readme).toMatch(/^\| Whittle \| \d+\.\d+\.\d+.* \|$/m);
    expect(readme).toMatch(/^\| measured with \| (arm-none-eabi-gcc \d+\.\d.*|nothing.*) \|$/m);
    expect(readme).not.toMatch(/\b20\d\d-\d\d|\/tmp\//);
  });

  test('say where an optimization changes nothing', async () => {
    const { report, files } = await emit(host, { optimize: 'flash' });
    const fastest = await emit(host, { optimize: 'speed' });
    const same = [...fastest.files].every(
      ([path, bytes]) =>
        path === 'README.md' || Buffer.from(bytes).equals(files.get(path) ?? new Uint8Array()),
    );
    expect(report?.notes !== undefined).toBe(same);
    expect(fastest.report?.notes).toBeUndefined();
  });

  test('say by how much memory falls short', async () => {
    await expect(emit(cortexM4, { ram: 1000 })).rejects.toMatchObject({
      code: 'TARGET_TOO_SMALL',
      message: expect.stringMatching(/needs \d+ bytes of RAM, \d+ more than the 1000 there are/),
    });
    await expect(emit(cortexM4, { flash: 2000 })).rejects.toMatchObject({
      code: 'TARGET_TOO_SMALL',
      message: expect.stringMatching(
        /bytes of flash, \d+ more than the 2000 there are\n {2}flash: weights, the most in \w+: \d+, \w+: \d+/,
      ),
    });
    await expect(emit(cortexM4, { flash: 'much' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  test('say what another optimization takes where the one asked for is too large', async () => {
    const small = { ...cortexM4, memory: { ramBytes: 2700, flashBytes: 1_000_000 } };
    await expect(emit(small, { optimize: 'speed' })).rejects.toMatchObject({
      code: 'TARGET_TOO_SMALL',
      message: expect.stringMatching(
        /--ram sets another\n {2}--optimize flash doesn't fit either: \d+ .*\n {2}--optimize ram fits: \d+ bytes of RAM/,
      ),
    });
    const asked = await emit(cortexM4, { optimize: 'speed', ram: 10 }).catch(String);
    expect(asked).not.toContain('default');
  });

  test('take the fastest optimization that fits, and say so', async () => {
    expect((await emit(cortexM4)).report).toMatchObject({ optimize: 'speed' });
    const { report } = await emit(cortexM4, { ram: 2700 });
    expect(report).toMatchObject({
      optimize: 'ram',
      notes: [
        expect.stringMatching(
          /^optimized for ram, as speed doesn't fit: it needs \d+ bytes of RAM, \d+ more than the 2700/,
        ),
        expect.stringContaining("as flash doesn't fit"),
      ],
    });
    expect(report?.arenaBytes).toBe((await emit(cortexM4, { optimize: 'ram' })).report?.arenaBytes);
  });

  test('are called as they are told', async () => {
    const artifact = await emit(host, { name: 'wake word' });
    expect(text(artifact, 'model.h')).toContain('wake_word_run');
    expect(text(artifact, 'README.md')).toContain('# wake word');
    await expect(emit(host, { name: '' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  test('refuse options that they do not know', async () => {
    for (const { options } of projectBackends) expect(options).toContain('optimize');
    await expect(emit(host, { optimise: 'ram' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('optimise'),
    });
    await expect(emit(host, { optimize: 'size' })).rejects.toThrow('host: optimize: ');
  });

  test.skipIf(!present('arm-none-eabi-gcc'))(
    'count code against flash (skipped without the compiler)',
    async () => {
      const optimize = 'speed';
      const { report } = await emit(cortexM4, { optimize });
      const needed = Number(report?.weightBytes) + Number(report?.flashBytes);
      await expect(emit(cortexM4, { optimize, flash: needed - 1 })).rejects.toThrow('1 more than');
      await expect(emit(cortexM4, { optimize, flash: 100 })).rejects.toThrow(
        `${needed - 100} more than the 100`,
      );
      expect((await emit(cortexM4, { optimize, flash: needed })).report).toEqual(report);
    },
  );

  test.skipIf(!present('arm-none-eabi-gcc', 'qemu-system-arm'))(
    'say what each layer takes, and what the code consists of (skipped without compiler and QEMU)',
    async () => {
      const artifact = await emit(cortexM4);
      const readme = text(artifact, 'README.md');
      const { worstStackBytes, codeBytes, instructions, layers } = artifact.report as Record<string, unknown>;
      expect(readme).toContain(`| RAM: stack of an inference, at most | ${String(worstStackBytes)} |`);
      expect(readme).toContain(`| flash: the code in that | ${String(codeBytes)} |`);
      expect(readme).toContain(`In all ${String(instructions)} instructions an inference`);
      expect(layers).toHaveLength(integerNetwork().nodes.length);
      expect(readme).toMatch(/^\| \d+ \| mixed: conv2d .* \| \d+ \| 5184 \| \d+ \| \d+ \|$/m);
      expect(readme).toMatch(/^\| \d+ \| code \| integer_network_run \|$/m);
    },
  );

  test('exist for each target', () => {
    expect(projectBackends.map(({ target }) => target)).toEqual([
      'cortex-m0plus',
      'cortex-m3',
      'cortex-m4',
      'cortex-m7',
      'cortex-m33',
      'cortex-m55',
      'aarch64',
      'aarch64-dotprod',
      'host',
      'wasm',
    ]);
  });
});

const builds: readonly (readonly [Target, readonly string[], readonly string[]])[] = [
  [host, ['cc'], []],
  [cortexM4, ['arm-none-eabi-gcc', 'qemu-system-arm'], ['--target', 'emulate']],
  [wasm, ['clang', 'wasm-ld'], ['--target', 'run']],
];

for (const [target, tools, run] of builds)
  test.skipIf(!present('cmake', ...tools))(
    `CMake builds and runs the ${target.name} project (needs cmake, ${tools.join(', ')})`,
    async () => {
      await writeFiles(folder, (await emit(target)).files);
      await runTool('cmake', ['-B', 'build', '-DCMAKE_C_FLAGS=-Werror'], { cwd: folder });
      // QEMU writes what the program prints to standard error.
      const build = ['cmake', '--build', 'build', ...run, '2>&1'].join(' ');
      const log = await runTool('sh', ['-c', build], { cwd: folder });
      const printed =
        target.emulator || target.module
          ? log
          : await runTool(join(folder, 'build', 'integer_network'), [], { cwd: folder });
      // Zeros go in on both: what comes out must be one and the same.
      expect(printed).toMatch(/^integer_network_output:( -?\d+){10}$/m);
      expect(/output:(.*)/.exec(printed)?.[1]).toMatchInlineSnapshot(
        `" -109 -104 -104 -99 -85 -112 -109 -104 -99 -99"`,
      );
    },
  );

test.skipIf(!present('g++'))('the header stands alone in C++ (skipped without g++)', async () => {
  await writeFiles(folder, (await emit(host)).files);
  await runTool('g++', ['-x', 'c++', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', 'model.h'], {
    cwd: folder,
  });
  expect(await readFile(join(folder, 'model.h'), 'utf8')).toContain('extern "C"');
});
