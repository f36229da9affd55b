import { describe, expect, test } from 'vitest';
import {
  cortexM0plusCycles,
  cortexM3Cycles,
  cortexM4Cycles,
  cortexM55Cycles,
  cortexM7Cycles,
} from './cortex-m.js';
import { parseDisassembly } from './instruction.js';
import type { CycleTable } from './instruction.js';

const cost = (table: CycleTable, mnemonic: string, operands = '') =>
  table({ address: 0, mnemonic, operands });

describe('cycles of instructions, as the Technical Reference Manuals list them', () => {
  test.each([
    ['smlad', 'r4, r0, r1, r4', 1, 0],
    ['ldr', 'r0, [r1, #4]', 2, 0],
    ['ldrd', 'r0, r1, [r2], #8', 3, 0],
    ['ldmia', 'r0!, {r1, r2, r3, r4, r5, r6, r7, r8}', 9, 0],
    ['push', '{r4, r5, r6, lr}', 5, 0],
    ['pop', '{r4, pc}', 3, 2],
    ['bne', '80a4', 1, 2],
    ['bl', '8000', 1, 2],
    ['smull', 'r0, r1, r2, r3', 1, 0],
    ['addne', 'r0, r1', 1, 0],
    ['blt', '80a4', 1, 2],
  ])('Cortex-M4: %s %s', (mnemonic, operands, cycles, taken) => {
    expect(cost(cortexM4Cycles, mnemonic, operands)).toEqual({ cycles, taken });
  });

  test('cores differ', () => {
    expect(cost(cortexM3Cycles, 'mla', 'r0, r1, r2, r3').cycles).toBe(2);
    expect(cost(cortexM0plusCycles, 'strb', 'r0, [r1]').cycles).toBe(2);
    expect(cost(cortexM0plusCycles, 'beq', '80').taken).toBe(1);
    expect(cost(cortexM0plusCycles, 'pop', '{r4-r7, pc}')).toEqual({ cycles: 6, taken: 1 });
    expect(cost(cortexM0plusCycles, 'bl', '80')).toEqual({ cycles: 1, taken: 2 });
    expect(cost(cortexM0plusCycles, 'bls', '80')).toEqual({ cycles: 1, taken: 1 });
    expect(cost(cortexM7Cycles, 'ldmia', 'r0!, {r1, r2, r3}')).toEqual({ cycles: 2, taken: 0 });
    expect(cost(cortexM7Cycles, 'bne', '80')).toEqual({ cycles: 1, taken: 0 });
  });

  test('Helium: beats, gathers by elements, loops without a cost', () => {
    expect(cost(cortexM55Cycles, 'vmladava.s8', 'r0, q0, q1').cycles).toBe(2);
    expect(cost(cortexM55Cycles, 'vldrb.8', 'q0, [r0], #16').cycles).toBe(2);
    expect(cost(cortexM55Cycles, 'vldrb.u8', 'q0, [r0, q1]').cycles).toBe(16);
    expect(cost(cortexM55Cycles, 'vstrb.32', 'q0, [r0, q1]').cycles).toBe(4);
    expect(cost(cortexM55Cycles, 'vpush', '{d8-d15}').cycles).toBe(8);
    expect(cost(cortexM55Cycles, 'le', 'lr, 8000')).toEqual({ cycles: 0, taken: 0 });
  });
});

test('a disassembly is read without widths and comments', () => {
  const text = `
00008000 <f>:
    8000:\tf8d3 1004 \tldr.w\tr1, [r3, #4]
    8004:\tbd10      \tpop\t{r4, pc}
    8006:\td1b9      \tbne.n\t8000 <f>
    8008:\t4d10      \tldr\tr5, [pc, #64]\t@ (804c <f+0x4c>)
`;
  expect([...parseDisassembly(text).values()]).toEqual([
    { address: 0x8000, mnemonic: 'ldr', operands: 'r1, [r3, #4]' },
    { address: 0x8004, mnemonic: 'pop', operands: '{r4, pc}' },
    { address: 0x8006, mnemonic: 'bne', operands: '8000' },
    { address: 0x8008, mnemonic: 'ldr', operands: 'r5, [pc, #64]' },
  ]);
});
