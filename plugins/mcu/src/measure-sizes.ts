import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhittleError } from '@whittle/core';
import { disassemble } from './disassemble.js';
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
  /** What the code consists of, largest first. */
  readonly functions: readonly FunctionSize[];
  /** Weights, biases and per-channel multipliers. */
  readonly weightBytes: number;
  /** The most stack that an inference can take, from the compiler's frames and the call graph; for boards. */
  readonly worstStackBytes?: number;
}

/** A function of a linked model. */
export interface FunctionSize {
  readonly name: string;
  readonly bytes: number;
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
  const functions = [...ports.inputs, ...ports.outputs].map(({ accessor }) => accessor);
  const roots = [...functions, ...(ports.init ? [ports.init] : [])].map((name) => `-Wl,-u,${name}`);
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
    functions: functionSizes(await runTool(binaryTool(target, 'nm'), ['-n', '-S', linked])),
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

/** Functions of `nm -n -S`; one of assembly that doesn't tell its size goes to the next. */
export function functionSizes(text: string): FunctionSize[] {
  const symbols = [...text.matchAll(/^([0-9a-f]+)(?: ([0-9a-f]+))? ([A-Za-z]) (\S+)$/gm)].map(
    ([, address, size, kind, name]) => ({
      address: parseInt(address, 16),
      size: size === undefined ? undefined : parseInt(size, 16),
      code: /[tw]/i.test(kind),
      name,
    }),
  );
  const sizes = new Map<number, FunctionSize>();
  for (const [i, { address, size, code, name }] of symbols.entries()) {
    if (!code || (sizes.get(address)?.bytes ?? 0) > 0) continue;
    const next = symbols.slice(i + 1).find((other) => other.address > address && other.code);
    const bytes = size ?? (next ? next.address - address : 0);
    if (bytes > 0) sizes.set(address, { name, bytes });
  }
  return [...sizes.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
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
  const pointees = program.steps
    .flatMap(callsOf)
    .flatMap((call) => call.arguments.flatMap((arg) => (arg.kind === 'function' ? [arg.kernel.name] : [])));
  return worstStack({
    disassembly: await disassemble(target, linked),
    frames: parseStackUsage(texts.join('\n')),
    root: `${prefix}_run`,
    pointees: [...new Set(pointees)],
  });
}
