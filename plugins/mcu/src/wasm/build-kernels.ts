import { rm, writeFile } from 'node:fs/promises';
import { buildPrebuilt, prebuiltPaths } from './prebuilt-module.js';

/** Writes kernels.wasm and kernels.json to the package's folder wasm: what the runtime `wasm` runs without a compiler. */
const { manifest, bytes } = await buildPrebuilt();
// Interrupted here, the module counts as not built: a manifest never describes another one.
await rm(prebuiltPaths.manifest, { force: true });
await writeFile(prebuiltPaths.module, bytes);
await writeFile(prebuiltPaths.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);
console.log(`kernels.wasm: ${manifest.kernels.length} kernels, ${bytes.length} bytes`);
