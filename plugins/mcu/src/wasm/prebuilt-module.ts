import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { kernelFiles } from '../kernel-files.js';
import { kernelFolder } from '../lowerings/kernel-call.js';
import { variants } from '../variants/index.js';
import { wasm } from '../targets/wasm.js';
import { compileModule } from './compile-module.js';

/** What a prebuilt module was made from. */
export interface ModuleManifest {
  readonly kernels: readonly string[];
  /** SHA-256 of every file that went in, by name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface PrebuiltModule {
  readonly manifest: ModuleManifest;
  readonly bytes: Uint8Array;
}

const folder = new URL('../../wasm/', import.meta.url);
export const prebuiltPaths = {
  module: fileURLToPath(new URL('kernels.wasm', folder)),
  manifest: fileURLToPath(new URL('kernels.json', folder)),
};

/** The module with this package's kernels that came with it; undefined where it was not built. */
export async function readPrebuilt(): Promise<PrebuiltModule | undefined> {
  try {
    const manifest = JSON.parse(await readFile(prebuiltPaths.manifest, 'utf8')) as ModuleManifest;
    return { manifest, bytes: new Uint8Array(await readFile(prebuiltPaths.module)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Compiles this package's kernels, those in portable C and those of the target's features. */
export async function buildPrebuilt(): Promise<PrebuiltModule> {
  const others = Object.keys(variants).filter((feature) => !(wasm.features as string[]).includes(feature));
  const foreign = new RegExp(`_(${others.join('|')})(_|$)`);
  const names = (await readdir(kernelFolder))
    .filter((file) => file.endsWith('.c'))
    .map((file) => file.slice(0, -'.c'.length));
  const kernels = names.filter((name) => !foreign.test(name)).sort();
  const files = await kernelFiles(kernels.map((name) => ({ name, folder: kernelFolder })));
  const digests = [...files].map(([name, text]) => [name, fileDigest(text)] as const);
  return {
    manifest: { kernels, files: Object.fromEntries(digests) },
    bytes: await compileModule(kernels, files),
  };
}

export function fileDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
