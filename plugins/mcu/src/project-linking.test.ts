import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bind, concrete, LoweringTable, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Model } from '@whittle/core';
import { int8Runtime } from '@whittle/int8';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { clangFlags } from './clang.fixture.js';
import { inParallel } from './compile.js';
import { binaryTool } from './emulate.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { compiledFiles, makeProject } from './project.js';
import type { Project } from './project.js';
import { large, randomNetwork } from './random-network.fixture.js';
import { cortexM4, cortexM55 } from './targets/index.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { present } from './tools.fixture.js';
import { writeFiles } from './work-folder.js';

const lowerings = new LoweringTable(kernelLowerings);
const models = [integerNetwork(), randomNetwork(3, large)].map((model) => bind(model, { batch: 1 }));

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'whittle-linking-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function projectOf(model: Model, target: Target): Promise<Project> {
  const context = { features: target.features, optimize: 'speed' } as const;
  return makeProject(await buildProgram(model, lowerings, context), target);
}

/** Stored values 0 for all inputs, as main.c gives them, as far as 0 is what real zeros are stored as. */
async function expectedOutput(model: Model): Promise<string> {
  const inputs = model.inputs.map(({ id }) => {
    const { dtype, shape, quantization } = typeOf(model, id);
    const zeros = new Int8Array(sizeOf(concrete(shape))).fill(quantization?.zeroPoint[0] ?? 0);
    return tensor(dtype, concrete(shape), zeros, quantization);
  });
  const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };
  const [{ outputs }] = await int8Runtime.run([{ model, inputs: [inputs] }], context);
  return Array.from(outputs[0][0].data as Int8Array).join(' ');
}

/** Seven bytes before each table of the model, so that none is at a word by chance. */
async function putBytesBeforeTables({ program }: Project): Promise<void> {
  const script = join(folder, 'board', 'sections.ld');
  const text = await readFile(script, 'utf8');
  const seven = [...'seven..'].map((letter) => `BYTE(${letter.charCodeAt(0)})`).join(' ');
  const tables = program.constants.map(({ symbol }) => `    ${seven} *(.rodata.${symbol})\n`);
  const changed = text.replace('.text : {\n', `.text : {\n    *(.text .text.*)\n${tables.join('')}`);
  expect(changed).not.toBe(text);
  await writeFile(script, changed);
}

/** Compiles a project's files by a compiler, and links them by GCC. Returns the program. */
async function build(project: Project, compiler: string, flags: readonly string[]): Promise<string> {
  const { target, files } = project;
  const objects: string[] = [];
  await inParallel([...compiledFiles(files.keys()), 'main.c', 'board/startup.c'], 2, async (path) => {
    const object = path.replace(/[cS]$/, 'o');
    const isModel = path === 'model.c' || path.startsWith('kernels/');
    const [by, given] = isModel ? [compiler, flags] : [target.compiler, target.flags];
    const args = [...given, '-std=c11', '-ffunction-sections', '-fdata-sections', '-I', 'kernels', '-I', '.'];
    await runTool(by, [...args, '-c', path, '-o', object], { cwd: folder });
    objects.push(object);
  });
  const link = [
    ...target.flags,
    ...target.emulator!.linkFlags,
    '--specs=rdimon.specs',
    '-L',
    'board',
    '-T',
    'link.ld',
  ];
  await runTool(target.compiler, [...link, '-Wl,--gc-sections', ...objects, '-o', 'program.elf'], {
    cwd: folder,
  });
  return join(folder, 'program.elf');
}

/** What a program prints in emulation: QEMU writes it to standard error. */
function printed(target: Target, program: string): Promise<string> {
  const { command, arguments: args } = target.emulator!;
  const semihosting = ['-semihosting-config', 'enable=on,target=native', '-kernel', program];
  return runTool('sh', ['-c', [command, ...args, ...semihosting, '2>&1'].join(' ')], { cwd: folder });
}

/** Addresses of objects, by name. */
async function addresses(program: string, target: Target): Promise<Map<string, number>> {
  const text = await runTool(binaryTool(target, 'nm'), [program]);
  return new Map(
    [...text.matchAll(/^([0-9a-f]+) \w (\S+)$/gm)].map(([, at, name]) => [name, parseInt(at, 16)]),
  );
}

describe('tables of a project begin at words wherever the linker puts them', () => {
  for (const target of [cortexM4, cortexM55])
    for (const by of ['gcc', 'clang'])
      test.skipIf(!present(target.compiler, 'qemu-system-arm') || (by === 'clang' && !present('clang')))(
        `${target.name}, compiled by ${by} (skipped without it, and without ${target.compiler} and QEMU)`,
        async () => {
          for (const model of models) {
            const project = await projectOf(model, target);
            await writeFiles(folder, project.files);
            await putBytesBeforeTables(project);
            const [compiler, flags] =
              by === 'gcc' ? [target.compiler, target.flags] : ['clang', (await clangFlags(target))!];
            const program = await build(project, compiler, flags);
            const symbols = await addresses(program, target);
            const tables = project.program.constants.map(({ symbol }) => symbols.get(symbol));
            const placed = tables.filter((address) => address !== undefined);
            expect(placed.length).toBeGreaterThan(4);
            expect(placed.filter((address) => address % 4 !== 0)).toEqual([]);
            const image = await readFile(program, 'latin1');
            expect(image.split('seven..')).toHaveLength(project.program.constants.length + 1);
            expect(await printed(target, program)).toContain(`output: ${await expectedOutput(model)}`);
          }
        },
        120_000,
      );
});

describe('projects are parts of others', () => {
  const toolchain = `set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16")
set(CMAKE_ASM_FLAGS_INIT "\${CMAKE_C_FLAGS_INIT}")
`;
  const lists = `cmake_minimum_required(VERSION 3.16)
project(firmware C ASM)
add_subdirectory(first)
add_subdirectory(second)
add_executable(firmware firmware.c first/board/startup.c)
target_link_libraries(firmware PRIVATE integer_network_model wake_word_model)
target_link_options(firmware PRIVATE -nostartfiles --specs=rdimon.specs
  -L \${CMAKE_CURRENT_SOURCE_DIR}/first/board -T link.ld -Wl,--gc-sections)
`;
  const firmware = `#include <stdio.h>
#include "first/model.h"
#include "second/model.h"

static integer_network_model first;
static wake_word_model second;

int main(void) {
  for (int i = 0; i < INTEGER_NETWORK_INPUT_SIZE; ++i) integer_network_input(&first)[i] = integer_network_input_quantize(0);
  for (int i = 0; i < WAKE_WORD_INPUT_SIZE; ++i) wake_word_input(&second)[i] = wake_word_input_quantize(0);
  integer_network_run(&first);
  wake_word_run(&second);
  printf("first output:");
  for (int i = 0; i < INTEGER_NETWORK_OUTPUT_SIZE; ++i) printf(" %d", integer_network_output(&first)[i]);
  printf("\\nsecond output:");
  for (int i = 0; i < WAKE_WORD_OUTPUT_SIZE; ++i) printf(" %d", wake_word_output(&second)[i]);
  printf("\\n");
  fflush(stdout);
  return 0;
}
`;

  test.skipIf(!present('cmake', 'arm-none-eabi-gcc', 'qemu-system-arm'))(
    'two models share a firmware, for the processor and float ABI that it has (skipped without cmake, compiler and QEMU)',
    async () => {
      const [first, second] = [models[0], { ...models[1], name: 'wake word' }];
      await writeFiles(join(folder, 'first'), (await projectOf(first, cortexM4)).files);
      await writeFiles(join(folder, 'second'), (await projectOf(second, cortexM4)).files);
      await writeFiles(
        folder,
        new Map(Object.entries({ 'CMakeLists.txt': lists, 'firmware.c': firmware, toolchain })),
      );
      await runTool('cmake', ['-B', 'build', '-DCMAKE_TOOLCHAIN_FILE=toolchain'], { cwd: folder });
      await runTool('cmake', ['--build', 'build'], { cwd: folder });
      const program = join(folder, 'build', 'firmware');
      expect(await runTool('arm-none-eabi-readelf', ['-A', program])).toContain(
        'Tag_ABI_VFP_args: VFP registers',
      );
      const text = await printed(cortexM4, program);
      expect(text).toContain(`first output: ${await expectedOutput(first)}`);
      expect(text).toContain(`second output: ${await expectedOutput(second)}`);
    },
    120_000,
  );

  test.skipIf(!present('cmake', 'clang', 'arm-none-eabi-gcc'))(
    'a compiler that is given is taken (skipped without cmake, clang and arm-none-eabi-gcc)',
    async () => {
      await writeFiles(folder, (await projectOf(models[0], cortexM4)).files);
      const headers = (await clangFlags(cortexM4))!.filter(
        (flag) => flag === '-isystem' || flag.startsWith('/'),
      );
      const given = ['-DCMAKE_C_COMPILER=clang', `-DCMAKE_C_FLAGS=-Werror ${headers.join(' ')}`];
      await runTool('cmake', ['-B', 'build', ...given], { cwd: folder });
      await runTool('cmake', ['--build', 'build'], { cwd: folder });
      const library = join(folder, 'build', 'libinteger_network_model.a');
      expect(await runTool('arm-none-eabi-objdump', ['-s', '-j', '.comment', library])).toContain('clang');
    },
    60_000,
  );
});
