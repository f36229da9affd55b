import { join } from 'node:path';
import { WhittleError } from '@whittle/core';
import type { ProjectSources } from './project-sources.js';
import type { Program } from './program.js';
import { arenaBytesOf, weightBytesOf } from './program.js';
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
  /** Weights, biases and per-channel multipliers. */
  readonly weightBytes: number;
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
  const size = target.compiler.replace(/gcc$/, 'size');
  const fields = (await runTool(size, ['-B', linked])).split('\n')[1]?.trim().split(/\s+/).map(Number) ?? [];
  const [text, data, bss] = fields;
  if (![text, data, bss].every(Number.isInteger))
    throw new WhittleError('TOOLCHAIN_FAILED', `${size} printed no sizes of ${linked}`);
  const weightBytes = weightBytesOf(program);
  return {
    arenaBytes: arenaBytesOf(program),
    scratchBytes: data + bss,
    flashBytes: text + data - weightBytes,
    weightBytes,
  };
}
