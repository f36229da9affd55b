import { describe, expect, test } from 'vitest';
import { parseStackUsage, worstStack } from './stack-usage.js';

const disassembly = `
00000100 <root>:
 100:\tb510      \tpush\t{r4, lr}
 102:\tf000 f87d \tbl\t200 <leaf>
 106:\t4798      \tblx\tr3
 108:\tbd10      \tpop\t{r4, pc}

00000200 <leaf>:
 200:\te92d 4ff0 \tstmdb\tsp!, {r4, r5, r6, r7, r8, r9, sl, fp, lr}
 204:\tb083      \tsub\tsp, #12
 206:\td1fb      \tbne.n\t200 <leaf>
 208:\te8bd 8ff0 \tldmia.w\tsp!, {r4, r5, r6, r7, r8, r9, sl, fp, pc}

00000300 <pointee>:
 300:\ted2d 8b04 \tvpush\t{d8-d9}
 304:\te7fe      \tb.n\t400 <tail>

00000400 <tail>:
 400:\tb480      \tpush\t{r7}
 402:\te7fd      \tb.n\t400 <tail>
`;

describe('worstStack', () => {
  test('follows the longest path, through calls by pointer and at the end', () => {
    const question = { disassembly, frames: new Map(), root: 'root', pointees: [] };
    expect(worstStack(question)).toBe(8 + 36 + 12);
    expect(worstStack({ ...question, pointees: ['pointee'], frames: new Map([['leaf', 4]]) })).toBe(
      8 + 16 + 4,
    );
  });

  test('takes a jump to a register for a call in compiled functions alone', () => {
    const jump = disassembly.replace('bl\t200 <leaf>', 'bx\tr3').replace('blx\tr3', 'nop');
    const question = { disassembly: jump, frames: new Map(), root: 'root', pointees: ['leaf'] };
    expect(worstStack(question)).toBe(8);
    expect(worstStack({ ...question, frames: new Map([['root', 16]]) })).toBe(16 + 36 + 12);
  });

  test('refuses frames of variable size', () => {
    const variable = disassembly.replace('sub\tsp, #12', 'sub\tsp, r3');
    const question = { disassembly: variable, frames: new Map(), root: 'root', pointees: [] };
    expect(() => worstStack(question)).toThrow('code at 0x204 takes stack of variable size: sub sp, r3');
  });

  test('refuses recursion and functions that are not there', () => {
    const looping = disassembly
      .replace('4798      \tblx\tr3', 'f7ff fffb \tbl\t300 <pointee>')
      .replace('e7fe      \tb.n\t400 <tail>', 'e7fe      \tb.n\t100 <root>');
    const question = { disassembly: looping, frames: new Map(), root: 'root', pointees: [] };
    expect(() => worstStack(question)).toThrow('calls itself');
    expect(() => worstStack({ ...question, root: 'nothing' })).toThrow('no function nothing');
  });
});

test('frames are read from what the compiler writes, those of variable size refused', () => {
  expect(
    parseStackUsage('model.c:10:6:model_run\t24\tstatic\nk.c:1:2:k.part.0\t8\tdynamic,bounded\n'),
  ).toEqual(
    new Map([
      ['model_run', 24],
      ['k.part.0', 8],
    ]),
  );
  expect(() => parseStackUsage('k.c:1:2:k\t8\tdynamic\n')).toThrow('variable size');
});
