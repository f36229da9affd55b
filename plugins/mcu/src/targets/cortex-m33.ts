import { cortexM4Cycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator, mps2Memory } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M33 with the DSP extension, played by QEMU's mps2-an505. */
export const cortexM33: Target = {
  ...armCompiler,
  name: 'cortex-m33',
  description: 'C project for an Arm Cortex-M33',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m33', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  features: ['dsp'],
  channelMultiple: 4,
  memory: { ramBytes: 256_000, flashBytes: 1_000_000 },
  emulator: boardEmulator('mps2-an505', mps2Memory),
  // Arm publishes no timings for this core; its pipeline is much like the Cortex-M4's.
  cycles: cortexM4Cycles,
};
