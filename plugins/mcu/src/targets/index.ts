import { aarch64, aarch64Dotprod } from './aarch64.js';
import { cortexM0plus } from './cortex-m0plus.js';
import { cortexM3 } from './cortex-m3.js';
import { cortexM33 } from './cortex-m33.js';
import { cortexM4 } from './cortex-m4.js';
import { cortexM55 } from './cortex-m55.js';
import { cortexM7 } from './cortex-m7.js';
import { host } from './host.js';
import type { Target } from './target.js';
import { wasm } from './wasm.js';

export type { Board, Emulator, Target, TargetFeature } from './target.js';
export {
  aarch64,
  aarch64Dotprod,
  cortexM0plus,
  cortexM3,
  cortexM33,
  cortexM4,
  cortexM55,
  cortexM7,
  host,
  wasm,
};

export const targets: readonly Target[] = [
  cortexM0plus,
  cortexM3,
  cortexM4,
  cortexM7,
  cortexM33,
  cortexM55,
  aarch64,
  aarch64Dotprod,
  host,
  wasm,
];
