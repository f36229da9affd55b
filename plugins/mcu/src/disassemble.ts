import { binaryTool } from './emulate.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';

/** `objdump -d` of a program, in the target's own instruction set: QEMU's disassembler doesn't know Helium. @throws TOOLCHAIN_FAILED */
export function disassemble(target: Target, program: string): Promise<string> {
  return runTool(binaryTool(target, 'objdump'), [...(target.objdumpFlags ?? []), '-d', program]);
}
