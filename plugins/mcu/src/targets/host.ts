import type { Target } from './target.js';

/** Processors whose vectors whittle_simd128.h knows; it has plain C for others, but the portable kernels are faster there. */
const vectorProcessors: readonly string[] = ['x64', 'arm64'];

/** The machine that Whittle runs on. */
export const host: Target = {
  name: 'host',
  description: "C project for this machine's own compiler",
  compiler: 'cc',
  flags: ['-O2'],
  features: vectorProcessors.includes(process.arch) ? ['simd128'] : [],
  compilerHint: 'any C11 compiler as cc',
};
