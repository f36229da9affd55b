import { cortexM7Cycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator, mps2Memory } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M7, with or without floating-point unit, played by QEMU's mps2-an500. */
export const cortexM7: Target = {
  ...armCompiler,
  name: 'cortex-m7',
  description: 'C project for an Arm Cortex-M7',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m7', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  features: ['dsp'],
  channelMultiple: 4,
  memory: { ramBytes: 512_000, flashBytes: 2_000_000 },
  emulator: boardEmulator('mps2-an500', mps2Memory),
  cycles: cortexM7Cycles,
};
