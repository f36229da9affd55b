import { describe, expect, test } from 'vitest';
import { assemblyProgram } from '../assembly-program.fixture.js';
import { disassemble } from '../disassemble.js';
import { emulateCounting } from '../emulate.js';
import { findCounter } from '../instruction-count.js';
import { cortexM0plus, cortexM3, cortexM4, cortexM55, cortexM7 } from '../targets/index.js';
import type { Target } from '../targets/index.js';
import { present } from '../tools.fixture.js';
import { withWorkFolder } from '../work-folder.js';
import { estimateCycles } from './estimate-cycles.js';
import { parseDisassembly } from './instruction.js';

/** A loop of ten turns with a load, a product and a store, then as many registers to the stack and back as ARMv6-M can name. */
const loop = `
  movs r0, #10
again:
  ldr r1, [sp, #4]
  muls r1, r0, r1
  str r1, [sp, #4]
  subs r0, #1
  bne again
  push {r0-r7}
  pop {r0-r7}`;

const multiplications = `
  movs r0, #5
  movs r1, #3
  mla r2, r0, r1, r0
  smull r2, r3, r0, r1
  ldrd r2, r3, [sp, #8]
  strd r2, r3, [sp, #8]
  mov r2, sp
  ldmia r2!, {r0, r1, r3, r4, r5}`;

const vectors = `
  mov r2, sp
  movs r3, #8
  dls lr, r3
vector:
  vldrb.u8 q0, [r2]
  vmladava.s8 r0, q0, q0
  le lr, vector
  movs r4, #0
  vidup.u8 q1, r4, #1
  vldrb.u8 q2, [r2, q1]
  vstrw.32 q2, [r2]`;

/** The return of the first marker, the body, and the call of the second; after the body its cycles. */
const cases: readonly (readonly [Target, string, string, number])[] = [
  // bx 2; 1; (2 + 1 + 2 + 1) a turn; bne 2 taken nine times, 1 once; push and pop 1 + 8 each; bl 3
  [cortexM0plus, 'a loop', loop, 2 + 1 + 10 * 6 + 9 * 2 + 1 + 9 + 9 + 3],
  // bx 3; 1; (2 + 1 + 1 + 1) a turn; bne 3 taken nine times, 1 once; push and pop 1 + 8 each; bl 3
  [cortexM3, 'a loop', loop, 3 + 1 + 10 * 5 + 9 * 3 + 1 + 9 + 9 + 3],
  [cortexM4, 'a loop', loop, 3 + 1 + 10 * 5 + 9 * 3 + 1 + 9 + 9 + 3],
  // All of a cycle, branches too; push and pop two registers a cycle.
  [cortexM7, 'a loop', loop, 1 + 1 + 10 * 5 + 4 + 4 + 1],
  // bx 3; 2; mla 2; smull 4; ldrd, strd 3 each; mov 1; ldm 1 + 5; bl 3
  [cortexM3, 'multiplications', multiplications, 3 + 2 + 2 + 4 + 6 + 1 + 6 + 3],
  [cortexM4, 'multiplications', multiplications, 3 + 2 + 1 + 1 + 6 + 1 + 6 + 3],
  // bx 3; mov, movs 2; dls 1; two vectors of 2 a turn, the loop's end for nothing; movs 1; vidup 2; gather 16; vstrw 2; bl 3
  [cortexM55, 'vectors', vectors, 3 + 2 + 1 + 8 * 4 + 1 + 2 + 16 + 2 + 3],
];

describe('cycles of programs that are known', () => {
  for (const [target, what, body, cycles] of cases)
    test.skipIf(!present(target.compiler, target.emulator!.command) || (!findCounter() && !process.env.CI))(
      `${what} on ${target.name} (needs ${target.compiler}, ${target.emulator!.command} and the counter)`,
      () =>
        withWorkFolder(async (folder) => {
          const program = await assemblyProgram(body, target, folder);
          const emulated = { ...target, emulator: target.emulator! };
          const counts = await emulateCounting(emulated, program, findCounter()!, { layers: [] });
          const instructions = parseDisassembly(await disassemble(target, program));
          const layers = estimateCycles(counts.addresses, instructions, target.cycles!);
          expect([...layers]).toEqual([[0, cycles]]);
        }),
    );
});

test('what was executed must be in the disassembly', () => {
  const counts = [{ address: 0x8000, layer: 0, executed: 1, taken: 0 }];
  expect(() => estimateCycles(counts, new Map(), cortexM4.cycles!)).toThrow('0x8000');
});
