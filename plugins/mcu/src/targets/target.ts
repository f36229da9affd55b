import type { CycleTable } from '../cycles/instruction.js';

/** Instruction set extensions that kernels have variants for. */
export type TargetFeature = 'armv6m' | 'dsp' | 'mve' | 'neon' | 'dotprod' | 'simd128';

/** A machine that a C project is made for. */
export interface Target {
  readonly name: string;
  readonly description: string;
  /** C compiler, found on the path. */
  readonly compiler: string;
  /** How the compiler is asked for this machine's code; the same flags stand in the project's CMakeLists.txt. */
  readonly flags: readonly string[];
  /** Where to get the compiler, in words. */
  readonly compilerHint: string;
  /** What kernels may use beyond portable C, best first. */
  readonly features: readonly TargetFeature[];
  /**
   * Channels of convolutions should be a multiple of this: then an inference takes the fewest instructions for each MAC, as
   * counted on 3 x 3 and 1 x 1 convolutions of 12 to 24 channels. Undefined where nothing counts.
   */
  readonly channelMultiple?: number;
  /** Bytes that programs may use unless told otherwise; undefined where memory is no concern. */
  readonly memory?: { readonly ramBytes: number; readonly flashBytes: number };
  readonly emulator?: Emulator;
  /** Which loads and stores fault at addresses that are no multiple of their size, though QEMU lets them pass. */
  readonly alignment?: 'all' | 'vectors';
  /** For estimates of cycles; there are none for cores that issue many instructions at once. */
  readonly cycles?: CycleTable;
  /** What tells objdump the instruction set, where the program doesn't. */
  readonly objdumpFlags?: readonly string[];
  /** Set where a program is a module that a script loads, WebAssembly, with what the linker needs for it. */
  readonly module?: { readonly linkFlags: readonly string[] };
}

/** How a program for the target is run here. */
export interface Emulator {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly hint: string;
  /** Flags that the linker needs besides the target's. */
  readonly linkFlags: readonly string[];
  /** The board that it plays; a program for an operating system, which reads and writes files, has none. */
  readonly board?: Board;
}

/** A board without an operating system. */
export interface Board {
  /** Folder of boards/ with link.ld; startup.c is the same for all. */
  readonly name: string;
  /** Bytes of the board's memories. */
  readonly codeBytes: number;
  readonly ramBytes: number;
}
