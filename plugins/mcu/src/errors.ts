/** `TARGET_TOO_SMALL`: more RAM or flash than the target has. `TOOLCHAIN_FAILED`: a compiler or emulator failed. */
export type McuErrorCode = 'TARGET_TOO_SMALL' | 'TOOLCHAIN_FAILED';
