import { readFile } from 'node:fs/promises';
import { WhittleError } from '@whittle/core';
import type { KernelSource } from '@whittle/kernel-api';

/**
 * The C files of kernels, by name, sorted: each kernel's source and header, and the headers that these include with quotes
 * from the same folder. @throws FILE_UNREADABLE; PLUGIN_DUPLICATE where two folders have different files of one name
 */
export async function kernelFiles(kernels: readonly KernelSource[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = async (folder: URL, name: string): Promise<void> => {
    const text = await read(folder, name);
    const known = found.get(name);
    if (known !== undefined && known !== text)
      throw new WhittleError('PLUGIN_DUPLICATE', `two plugins bring different kernel files named ${name}`);
    if (known !== undefined) return;
    found.set(name, text);
    for (const [, header] of text.matchAll(/^#include "([^"]+)"/gm)) await add(folder, header);
  };
  for (const { name, folder } of kernels) await add(folder, `${name}.c`);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function read(folder: URL, name: string): Promise<string> {
  try {
    return await readFile(new URL(name, folder), 'utf8');
  } catch (error) {
    throw new WhittleError('FILE_UNREADABLE', `kernel file ${name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
