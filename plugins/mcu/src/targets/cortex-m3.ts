import { cortexM3Cycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator, mps2Memory } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M3, played by QEMU's mps2-an385. */
export const cortexM3: Target = {
  ...armCompiler,
  name: 'cortex-m3',
  description: 'C project for an Arm Cortex-M3',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m3', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  features: [],
  channelMultiple: 4,
  memory: { ramBytes: 65_536, flashBytes: 524_288 },
  emulator: boardEmulator('mps2-an385', mps2Memory),
  cycles: cortexM3Cycles,
};
