import { WhittleError } from '@whittle/core';
import type { KernelSource } from '@whittle/kernel-api';
import { kernelFiles } from '../kernel-files.js';
import { wasm } from '../targets/wasm.js';
import { whyToolMissing } from '../tool.js';
import { compileModule } from './compile-module.js';
import { fileDigest, readPrebuilt } from './prebuilt-module.js';
import type { ModuleManifest } from './prebuilt-module.js';
import { StructLayouts } from './struct-layout.js';
import { webAssembly } from './web-assembly.js';
import type { WebAssemblyModule } from './web-assembly.js';

/** Kernels in WebAssembly, and how the structs look that they read. */
export interface KernelModule {
  readonly module: WebAssemblyModule;
  readonly layouts: StructLayouts;
}

let prebuilt: Promise<{ manifest: ModuleManifest; module: WebAssemblyModule } | undefined> | undefined;

/**
 * A module with these kernels: the one that came with this package, where it has them all as their sources are now, else
 * one compiled for the purpose. @throws TARGET_UNAVAILABLE where that needs a compiler that isn't there; TOOLCHAIN_FAILED
 */
export async function loadKernels(
  kernels: readonly KernelSource[],
  signal?: AbortSignal,
): Promise<KernelModule> {
  const files = await kernelFiles(kernels);
  const headers = [...files].filter(([name]) => /\.h(\.inc)?$/.test(name));
  const layouts = new StructLayouts(headers.map(([, text]) => text));
  const names = kernels.map(({ name }) => name);
  prebuilt ??= compilePrebuilt();
  const known = await prebuilt;
  if (known && missingFrom(known.manifest, names, files).length === 0)
    return { module: known.module, layouts };
  const noCompiler = await whyToolMissing(wasm.compiler, wasm.compilerHint);
  if (noCompiler !== undefined) {
    const missing = known ? missingFrom(known.manifest, names, files) : names;
    throw new WhittleError(
      'TARGET_UNAVAILABLE',
      `the prebuilt kernels for WebAssembly lack ${missing.join(', ')}, and ${noCompiler}`,
    );
  }
  return { module: await webAssembly.compile(await compileModule(names, files, signal)), layouts };
}

/** Why no kernels can be run here, or undefined where some can. */
export async function whyNoKernels(): Promise<string | undefined> {
  if (await readPrebuilt()) return undefined;
  const noCompiler = await whyToolMissing(wasm.compiler, wasm.compilerHint);
  return noCompiler && `the kernels for WebAssembly are not built (run node tools/setup), and ${noCompiler}`;
}

async function compilePrebuilt() {
  const found = await readPrebuilt();
  return found && { manifest: found.manifest, module: await webAssembly.compile(found.bytes) };
}

/** Kernels and files that a prebuilt module doesn't have, or has in another version. */
function missingFrom(
  manifest: ModuleManifest,
  kernels: readonly string[],
  files: ReadonlyMap<string, string>,
): string[] {
  const absent = kernels.filter((name) => !manifest.kernels.includes(name));
  const changed = [...files].flatMap(([name, text]) =>
    manifest.files[name] === fileDigest(text) ? [] : [name],
  );
  return [...new Set([...absent, ...changed])];
}
