import type { Target } from './target.js';

/** WebAssembly with 128-bit SIMD, in browsers and in Node. */
export const wasm: Target = {
  name: 'wasm',
  description: 'C project for WebAssembly with SIMD',
  compiler: 'clang',
  flags: ['--target=wasm32', '-msimd128', '-mbulk-memory', '-O3'],
  features: ['simd128'],
  compilerHint: 'Debian packages clang and lld',
  // The stack comes first: what overflows it traps instead of overwriting data.
  module: { linkFlags: ['-nostdlib', '-Wl,--no-entry', '-Wl,--stack-first', '-Wl,-z,stack-size=65536'] },
};
