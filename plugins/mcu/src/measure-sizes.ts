import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhittleError } from '@whittle/core';
import { binaryTool } from './emulate.js';
import type { ProjectSources } from './project-sources.js';
import type { Program } from './program.js';
import { arenaBytesOf, callsOf, weightBytesOf } from './program.js';
import { parseStackUsage, worstStack } from './stack-usage.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';

/** Memory that a model takes on a target, in bytes. */
export interface ModelSizes {
  /** Tensors and scratch planned together. */
  readonly arenaBytes: number;
  /** Other static RAM. */
  readonly scratchBytes: number;
  /** Code, tables and initialized data of `model.c`, the kernels and what they need of libc and libgcc; no weights. */
  readonly flashBytes: number;
  /** The part of `flashBytes` that is code; the rest are tables and initialized data. */
  readonly codeBytes: number;
  /** Weights, biases and per-channel multipliers. */
  readonly weightBytes: number;
  /** The most stack that an inference can take, from the compiler's frames and the call graph; for boards. */
  readonly worstStackBytes?: number;
}

/** Links objects that hold a model and its kernels, nothing else, and measures the result. @throws TOOLCHAIN_FAILED */
export async function measureSizes(
  program: Program,
  { prefix, ports }: ProjectSources,
  target: Target,
  objects: readonly string[],
  folder: string,
): Promise<ModelSizes> {
  const linked = join(folder, `${prefix}-alone.elf`);
  const roots = [...ports.inputs, ...ports.outputs].map(({ accessor }) => `-Wl,-u,${accessor}`);
  await runTool(
    target.compiler,
    [
      ...target.flags,
      '-nostartfiles',
      '-Wl,--gc-sections',
      `-Wl,-e,${prefix}_run`,
      ...roots,
      ...objects,
      '-o',
      linked,
    ],
    { cwd: folder },
  );
  const sections = sectionBytes(await runTool(binaryTool(target, 'size'), ['-A', linked]));
  const sum = (pattern: RegExp) =>
    [...sections].reduce((total, [name, bytes]) => total + (pattern.test(name) ? bytes : 0), 0);
  const [code, data, bss] = [
    sum(/^\.(text|init|fini|plt)/),
    sum(/^\.(data|tdata|got)/),
    sum(/^\.(bss|tbss)/),
  ];
  const constants = sum(/^\.(rodata|eh_frame|ARM\.ex|init_array|fini_array|note|comdat)/);
  if (code === 0) throw new WhittleError('TOOLCHAIN_FAILED', `${linked} has no code`);
  const weightBytes = weightBytesOf(program);
  return {
    arenaBytes: arenaBytesOf(program),
    scratchBytes: data + bss,
    flashBytes: code + constants + data - weightBytes,
    codeBytes: code,
    weightBytes,
    ...(target.emulator?.board
      ? { worstStackBytes: await stackOf(program, prefix, target, linked, objects) }
      : {}),
  };
}

/** Bytes by section of `size -A`. */
function sectionBytes(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\.\S+)\s+(\d+)\s+\d+$/gm)].map(([, name, bytes]) => [name, Number(bytes)]),
  );
}

async function stackOf(
  program: Program,
  prefix: string,
  target: Target,
  linked: string,
  objects: readonly string[],
): Promise<number> {
  const files = objects.map((object) => object.replace(/o$/, 'su')).filter((file) => existsSync(file));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const disassembly = await runTool(binaryTool(target, 'objdump'), [
    ...(target.objdumpFlags ?? []),
    '-d',
    linked,
  ]);
  const pointees = program.steps
    .flatMap(callsOf)
    .flatMap((call) => call.arguments.flatMap((arg) => (arg.kind === 'function' ? [arg.kernel.name] : [])));
  return worstStack({
    disassembly,
    frames: parseStackUsage(texts.join('\n')),
    root: `${prefix}_run`,
    pointees: [...new Set(pointees)],
  });
}
