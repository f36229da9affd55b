import { cortexM4Cycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator, mps2Memory } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M4, with or without floating-point unit, played by QEMU's mps2-an386. */
export const cortexM4: Target = {
  ...armCompiler,
  name: 'cortex-m4',
  description: 'C project for an Arm Cortex-M4',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  features: ['dsp'],
  channelMultiple: 4,
  memory: { ramBytes: 256_000, flashBytes: 1_000_000 },
  emulator: boardEmulator('mps2-an386', mps2Memory),
  cycles: cortexM4Cycles,
};
