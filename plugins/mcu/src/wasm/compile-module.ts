import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileSources } from '../compile.js';
import { packageFile } from '../package-file.js';
import { wasm } from '../targets/wasm.js';
import { runTool } from '../tool.js';
import { withWorkFolder, writeFiles } from '../work-folder.js';

/**
 * Compiles kernels, given with all their files by name, to one WebAssembly module that exports them, its memory, the table
 * of functions and `__heap_base`. Equal files and compilers give equal bytes. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED
 */
export function compileModule(
  kernels: readonly string[],
  files: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return withWorkFolder(async (folder) => {
    const all = new Map([...files].map(([name, text]) => [`kernels/${name}`, text] as const));
    all.set('kernels/string.h', await packageFile('wasm/string.h'));
    await writeFiles(folder, all);
    const objects = await compileSources(all.keys(), wasm, folder, signal);
    const exported = [...kernels].sort().map((name) => `-Wl,--export=${name}`);
    const link = [
      '--target=wasm32',
      ...wasm.module!.linkFlags,
      '-Wl,--strip-all',
      '-Wl,--export=__heap_base',
      '-Wl,--export-table',
      '-Wl,--growable-table',
      ...exported,
    ];
    const output = 'kernels.wasm';
    await runTool(wasm.compiler, [...link, ...objects.values(), '-o', output], { cwd: folder, signal });
    return new Uint8Array(await readFile(join(folder, output)));
  });
}
