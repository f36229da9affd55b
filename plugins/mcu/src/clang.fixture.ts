import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Target } from './targets/index.js';

/** Clang's names for the machines of GCC's compilers. */
const triples: Readonly<Record<string, string>> = {
  'arm-none-eabi-gcc': 'arm-none-eabi',
  'aarch64-linux-gnu-gcc': 'aarch64-linux-gnu',
  cc: '',
};

/** How clang compiles for a target of GCC, with GCC's own headers of libc; nothing for those it isn't asked to. */
export async function clangFlags({ compiler, flags }: Target): Promise<string[] | undefined> {
  const triple = triples[compiler];
  if (triple === undefined) return undefined;
  const own = flags.filter((flag) => flag.startsWith('-m') || flag.startsWith('-O'));
  if (triple === '') return own;
  const { stderr } = await promisify(execFile)(compiler, [...flags, '-xc', '-E', '-v', '/dev/null']);
  const listed = /search starts here:\n([^]*?)\nEnd of search/.exec(
    stderr.replace(/#include "[^]*?here:\n/, ''),
  );
  const folders = (listed?.[1] ?? '').split('\n').map((line) => resolve(line.trim()));
  const libc = folders.filter((folder) => !/\/gcc(-cross)?\//.test(folder));
  return [`--target=${triple}`, ...own, ...libc.flatMap((folder) => ['-isystem', folder])];
}
