import type { Target } from './target.js';

/** Arm Cortex-M4, with or without floating-point unit, played by QEMU's mps2-an386. */
export const cortexM4: Target = {
  name: 'cortex-m4',
  description: 'C project for an Arm Cortex-M4',
  compiler: 'arm-none-eabi-gcc',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  compilerHint: 'Debian packages gcc-arm-none-eabi and libnewlib-arm-none-eabi',
  memory: { ramBytes: 256_000, flashBytes: 1_000_000 },
  emulator: {
    command: 'qemu-system-arm',
    arguments: ['-M', 'mps2-an386', '-nographic', '-monitor', 'none', '-serial', 'none'],
    hint: 'Debian package qemu-system-arm',
    board: 'mps2-an386',
    linkFlags: ['-nostartfiles'],
    codeBytes: 4_194_304,
    ramBytes: 4_194_304,
  },
};
