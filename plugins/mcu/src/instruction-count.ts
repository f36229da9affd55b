import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WhittleError } from '@whittle/core';

const pluginPath = join('.cache', 'qemu', 'libicnt.so');

/**
 * The QEMU plugin that counts instructions (tools/qemu/icnt.c says what it reports): the file that WHITTLE_ICNT names, or
 * what set-up built, in a folder above this package or above the working folder.
 */
export function findCounter(): string | undefined {
  const named = process.env.WHITTLE_ICNT;
  if (named) return existsSync(named) ? named : undefined;
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()])
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, pluginPath);
      if (existsSync(candidate)) return candidate;
      if (folder === dirname(folder)) break;
    }
  return undefined;
}

export const missingCounter = `QEMU's instruction counter is not built: run node tools/setup, or let WHITTLE_ICNT name libicnt.so`;

/** How often an instruction was executed in a layer of the last region. */
export interface AddressCount {
  readonly address: number;
  /** 0 before the first layer. */
  readonly layer: number;
  readonly executed: number;
  /** Times that it did not go on with the next address. */
  readonly taken: number;
}

export interface CountReport {
  /** Instructions of each region, in order of execution. */
  readonly regions: readonly number[];
  /** Of the last region, where they were asked for. */
  readonly addresses: readonly AddressCount[];
  /** How often instructions by their addresses loaded or stored what was not aligned, over the whole run, where that was asked for. */
  readonly unaligned: ReadonlyMap<number, number>;
}

/** Reads the counter's report. @throws TOOLCHAIN_FAILED where it is not whole, or regions were left open */
export function parseCounts(text: string): CountReport {
  const fail = (what: string) =>
    new WhittleError('TOOLCHAIN_FAILED', `the instruction counter's report ${what}`);
  const lines = text.trimEnd().split('\n');
  if (lines[0] !== 'icnt 1') throw fail(`starts with '${lines[0]}', expected 'icnt 1'`);
  if (lines[lines.length - 1] !== 'end') throw fail(`has no end after ${lines.length} lines`);
  const regions: number[] = [];
  const addresses: AddressCount[] = [];
  const unaligned = new Map<number, number>();
  for (const line of lines) {
    const [key, first, second, third, fourth] = line.split(' ');
    if (key === 'region') regions[Number(first)] = Number(second);
    if (key === 'incomplete' && first !== '0') throw fail(`has ${first} regions without an end`);
    if (key === 'unaligned-at') unaligned.set(parseInt(first, 16), Number(second));
    if (key === 'at')
      addresses.push({
        address: parseInt(first, 16),
        layer: Number(second),
        executed: Number(third),
        taken: Number(fourth),
      });
  }
  return { regions, addresses, unaligned };
}
