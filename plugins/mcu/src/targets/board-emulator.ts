import type { Emulator } from './target.js';

/** QEMU playing a board of an Arm Cortex-M; its folder is named like QEMU's machine. */
export function boardEmulator(
  machine: string,
  memory: { readonly codeBytes: number; readonly ramBytes: number },
  options: readonly string[] = [],
): Emulator {
  return {
    command: 'qemu-system-arm',
    arguments: ['-M', machine, ...options, '-nographic', '-monitor', 'none', '-serial', 'none'],
    hint: 'Debian package qemu-system-arm',
    linkFlags: ['-nostartfiles'],
    board: { name: machine, ...memory },
  };
}

export const armCompiler = {
  compiler: 'arm-none-eabi-gcc',
  compilerHint: 'Debian packages gcc-arm-none-eabi and libnewlib-arm-none-eabi',
} as const;

/** Bytes that both memories of the MPS2 boards hold. */
export const mps2Memory = { codeBytes: 4_193_280, ramBytes: 4_194_304 };
