import { cortexM55Cycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M55 with Helium (MVE, integer and floating point), played by QEMU's mps3-an547. */
export const cortexM55: Target = {
  ...armCompiler,
  name: 'cortex-m55',
  description: 'C project for an Arm Cortex-M55',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m55', '-mthumb', '-mfloat-abi=hard', '-O2', '-fno-schedule-insns'],
  features: ['mve', 'dsp'],
  channelMultiple: 16,
  memory: { ramBytes: 1_000_000, flashBytes: 2_000_000 },
  emulator: boardEmulator('mps3-an547', { codeBytes: 2_097_152, ramBytes: 4_194_304 }),
  alignment: 'vectors',
  cycles: cortexM55Cycles,
  objdumpFlags: ['-m', 'armv8.1-m.main'],
};
