import { readFile } from 'node:fs/promises';
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

/** As `emulate`, counting instructions between harness_begin and harness_end. */
export async function emulateCounting(
  target: Target & { readonly emulator: Emulator },
  program: string,
  counter: string,
  signal?: AbortSignal,
): Promise<CountReport> {
  const nm = target.compiler.replace(/gcc$/, 'nm');
  const symbols = await runTool(nm, [program]);
  const address = (name: string) => {
    const found = new RegExp(`^([0-9a-f]+) T ${name}$`, 'm').exec(symbols)?.[1];
    if (!found) throw new WhittleError('TOOLCHAIN_FAILED', `${program} has no function ${name}`);
    return found;
  };
  const report = join(dirname(program), 'counts.txt');
  const options = `begin=${address('harness_begin')},end=${address('harness_end')},out=${report}`;
  await start(target.emulator, program, ['-plugin', `${counter},${options}`], signal);
  return parseCounts(await readFile(report, 'utf8'));
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
