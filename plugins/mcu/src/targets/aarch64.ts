import type { Emulator, Target } from './target.js';

const userEmulator = (cpu: string): Emulator => ({
  command: 'qemu-aarch64',
  arguments: ['-cpu', cpu],
  hint: 'Debian package qemu-user',
  linkFlags: ['-static'],
});

const shared = {
  compiler: 'aarch64-linux-gnu-gcc',
  compilerHint: 'Debian packages gcc-aarch64-linux-gnu and libc6-dev-arm64-cross',
} as const;

/** 64-bit Arm with NEON alone (ARMv8.0, such as Cortex-A53 and A72), played by QEMU in user mode. */
export const aarch64: Target = {
  ...shared,
  name: 'aarch64',
  description: 'C project for 64-bit Arm with NEON',
  flags: ['-mcpu=cortex-a72', '-O2'],
  features: ['neon', 'simd128'],
  channelMultiple: 4,
  emulator: userEmulator('cortex-a72'),
};

/** 64-bit Arm with the dot product instructions (such as Cortex-A55 and A76), played by QEMU in user mode. */
export const aarch64Dotprod: Target = {
  ...shared,
  name: 'aarch64-dotprod',
  description: 'C project for 64-bit Arm with NEON and SDOT',
  flags: ['-mcpu=cortex-a76', '-O2'],
  features: ['dotprod', 'neon', 'simd128'],
  channelMultiple: 16,
  emulator: userEmulator('cortex-a76'),
};
