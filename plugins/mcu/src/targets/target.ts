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
  /** Bytes that programs may use unless told otherwise; undefined where memory is no concern. */
  readonly memory?: { readonly ramBytes: number; readonly flashBytes: number };
  readonly emulator?: Emulator;
}

/** A board that an emulator plays. */
export interface Emulator {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly hint: string;
  /** Folder of boards/ with link.ld and startup.c. */
  readonly board: string;
  /** Flags that the linker needs for the board. */
  readonly linkFlags: readonly string[];
  /** Bytes of the board's memories. */
  readonly codeBytes: number;
  readonly ramBytes: number;
}
