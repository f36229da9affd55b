import type { Target } from './target.js';

/** The machine that Whittle runs on. */
export const host: Target = {
  name: 'host',
  description: "C project for this machine's own compiler",
  compiler: 'cc',
  flags: ['-O2'],
  features: [],
  compilerHint: 'any C11 compiler as cc',
};
