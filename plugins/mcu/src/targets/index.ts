import { cortexM4 } from './cortex-m4.js';
import { host } from './host.js';
import type { Target } from './target.js';

export type { Emulator, Target } from './target.js';
export { cortexM4, host };

export const targets: readonly Target[] = [cortexM4, host];
