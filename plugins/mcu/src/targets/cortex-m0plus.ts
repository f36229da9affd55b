import { cortexM0plusCycles } from '../cycles/cortex-m.js';
import { armCompiler, boardEmulator } from './board-emulator.js';
import type { Target } from './target.js';

/** Arm Cortex-M0+, played by QEMU's microbit, whose Cortex-M0 has the same instruction set. */
export const cortexM0plus: Target = {
  ...armCompiler,
  name: 'cortex-m0plus',
  description: 'C project for an Arm Cortex-M0+',
  // Scheduling before register allocation spills the accumulators that the inner loops keep in registers.
  flags: ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft', '-O2', '-fno-schedule-insns'],
  features: ['armv6m'],
  channelMultiple: 2,
  alignment: 'all',
  memory: { ramBytes: 32_768, flashBytes: 262_144 },
  emulator: boardEmulator('microbit', { codeBytes: 1_047_552, ramBytes: 524_288 }, [
    '-global',
    'nrf51-soc.flash-size=1048576',
    '-global',
    'nrf51-soc.sram-size=524288',
  ]),
  cycles: cortexM0plusCycles,
};
