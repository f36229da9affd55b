import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WhittleError } from '@whittle/core';
import { parseCounts } from './instruction-count.js';
import type { CountReport } from './instruction-count.js';
import type { Emulator, Target } from './targets/index.js';
import { runTool } from './tool.js';

/** Runs a program in a target's emulator, in its own folder. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED, ABORTED */
export async function emulate(emulator: Emulator, program: string, signal?: AbortSignal): Promise<void> {
  await start(emulator, program, [], signal);
}

/** What is counted beside the instructions of each region. */
export interface CountOptions {
  /** By address, in the last region, from the functions of these names on as layers of their own. */
  readonly layers?: readonly string[];
  readonly alignment?: boolean;
}

/** As `emulate`, counting instructions between harness_begin and harness_end. */
export async function emulateCounting(
  target: Target & { readonly emulator: Emulator },
  program: string,
  counter: string,
  { layers, alignment = false }: CountOptions = {},
  signal?: AbortSignal,
): Promise<CountReport> {
  const symbols = await runTool(binaryTool(target, 'nm'), [program]);
  const addresses = new Map<string, string>();
  for (const [, address, name] of symbols.matchAll(/^([0-9a-f]+) T (\w+)$/gm)) addresses.set(name, address);
  const addressOf = (name: string) => {
    const found = addresses.get(name);
    if (!found) throw new WhittleError('TOOLCHAIN_FAILED', `${program} has no function ${name}`);
    return found;
  };
  const folder = dirname(program);
  const report = join(folder, 'counts.txt');
  const options = [`begin=${addressOf('harness_begin')}`, `end=${addressOf('harness_end')}`, `out=${report}`];
  if (alignment) options.push('alignment=on');
  if (layers) {
    options.push('addresses=on', `layers=${join(folder, 'layers.txt')}`);
    await writeFile(join(folder, 'layers.txt'), layers.map((name) => `${addressOf(name)}\n`).join(''));
  }
  await start(target.emulator, program, ['-plugin', [counter, ...options].join(',')], signal);
  return parseCounts(await readFile(report, 'utf8'));
}

/** A program of the compiler's family: nm, size, objdump. */
export function binaryTool({ compiler }: Target, tool: string): string {
  return compiler.endsWith('gcc') ? compiler.replace(/gcc$/, tool) : tool;
}

async function start(
  { command, arguments: args, hint, board }: Emulator,
  program: string,
  more: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const loading = board
    ? ['-semihosting-config', 'enable=on,target=native', ...more, '-kernel', program]
    : [...more, program];
  await runTool(command, [...args, ...loading], { cwd: dirname(program), signal, hint });
}
