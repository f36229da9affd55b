import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelModulePath } from './kernel-module.js';

/**
 * Compiles the folder `kernels` to one WebAssembly module, as a published package brings it. It imports its memory, which is that
 * of tfjs's module, and its stack pointer is set by who loads it.
 */
const folder = fileURLToPath(new URL('../../kernels/', import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.c'))
  .sort();
const exported = [...sources.map((name) => name.slice(0, -'.c'.length)), '__stack_pointer'];
const temporary = `${kernelModulePath}.${process.pid}.part`;
mkdirSync(dirname(kernelModulePath), { recursive: true });
execFileSync(
  'clang',
  [
    '--target=wasm32',
    ...['-msimd128', '-mbulk-memory', '-mmutable-globals', '-O3', '-std=c11', '-ffreestanding', '-nostdlib'],
    ...['-Wall', '-Wextra', '-Wconversion', '-Werror'],
    ...['-Wl,--no-entry', '-Wl,--import-memory', '-Wl,--strip-all'],
    ...exported.map((name) => `-Wl,--export=${name}`),
    ...sources.map((name) => join(folder, name)),
    '-o',
    temporary,
  ],
  { stdio: 'inherit' },
);
renameSync(temporary, kernelModulePath);
console.log(`kernels.wasm: ${sources.length} kernels, ${statSync(kernelModulePath).size} bytes`);
