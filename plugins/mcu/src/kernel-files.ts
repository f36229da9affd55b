import { readFile } from 'node:fs/promises';
import { WhittleError } from '@whittle/core';
import type { KernelInstance, KernelSource } from '@whittle/kernel-api';

/**
 * The source files of kernels, by name, sorted: each kernel's source and header, and what these include with quotes from
 * the same folder. @throws FILE_UNREADABLE; PLUGIN_DUPLICATE where two different files have one name
 */
export async function kernelFiles(kernels: readonly KernelSource[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = async (folder: URL, name: string, made?: string): Promise<void> => {
    const text = made ?? (await read(folder, name));
    const known = found.get(name);
    if (known !== undefined && known !== text)
      throw new WhittleError('PLUGIN_DUPLICATE', `two plugins bring different kernel files named ${name}`);
    if (known !== undefined) return;
    found.set(name, text);
    for (const [, header] of text.matchAll(/^#include "([^"]+)"/gm)) await add(folder, header);
  };
  for (const { name, folder, file = `${name}.c`, instance } of kernels)
    if (instance) {
      const extension = instance.template.endsWith('.S.inc') ? 'S' : 'c';
      await add(folder, `${name}.h`, instanceHeader(name, instance));
      await add(folder, `${name}.${extension}`, instanceSource(name, instance));
    } else {
      await add(folder, `${name}.h`);
      await add(folder, file);
    }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function instanceSource(name: string, { template, macros }: KernelInstance): string {
  const defines = Object.entries(macros).map(([macro, value]) => `#define ${macro} ${value}\n`);
  return `/* ${template} for one shape. */
#define WHITTLE_KERNEL ${name}
${defines.join('')}#include "${template}"
`;
}

function instanceHeader(name: string, { header }: KernelInstance): string {
  const guard = `${name.toUpperCase()}_H`;
  return `#ifndef ${guard}
#define ${guard}
#define WHITTLE_KERNEL ${name}
#include "${header}"
#undef WHITTLE_KERNEL
#endif
`;
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
