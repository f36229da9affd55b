import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pathsOf, repositoryRoot } from '../setup/paths.js';

const plugin = pathsOf(repositoryRoot).qemuPlugin;

/** Three regions of 4, 3 and 2 turns of a loop of two instructions; the second load is not aligned. */
const CORTEX_M4 = `
  .syntax unified
  .thumb
  .section .vectors, "a"
  .word 0x20001000, start + 1
  .text
  .macro function name
  .type \\name, %function
\\name:
  .endm
  .macro done name
  .size \\name, . - \\name
  .endm
function mark_begin
  bx lr
done mark_begin
function mark_end
  bx lr
done mark_end
function work
  subs r0, #1
  bne work
  bx lr
done work
function start
  ldr r5, =0x20000000
  ldr r1, [r5]
  ldr r1, [r5, #2]
  movs r4, #4
again:
  bl mark_begin
  mov r0, r4
  bl work
  bl mark_end
  subs r4, #1
  cmp r4, #1
  bne again
  bl mark_begin
  movs r0, #0x18
  ldr r1, =0x20026
  bkpt 0xab
done start
`;
/** The same in aarch64, under user emulation. */
const AARCH64 = `
  .text
  .macro function name
  .type \\name, %function
\\name:
  .endm
  .macro done name
  .size \\name, . - \\name
  .endm
function mark_begin
  ret
done mark_begin
function mark_end
  ret
done mark_end
function work
  subs x0, x0, #1
  b.ne work
  ret
done work
  .global _start
function _start
  ldr x1, [sp]
  ldr w1, [sp, #2]
  mov x4, #4
again:
  bl mark_begin
  mov x0, x4
  bl work
  bl mark_end
  sub x4, x4, #1
  cmp x4, #1
  b.ne again
  bl mark_begin
  mov x0, #0
  mov x8, #93
  svc #0
done _start
`;
/** From the begin marker's return to the call of the end marker: bx, mov, bl, two a turn, bx, bl. */
const regionOf = (turns) => 5 + 2 * turns;

/** Five instructions a pass lie outside its region, and five follow the loop. */
const totalOf = ({ beforeLoop }) => beforeLoop + regionOf(4) + regionOf(3) + regionOf(2) + 3 * 5 + 5;

const TARGETS = {
  'cortex-m4': {
    source: CORTEX_M4,
    compiler: 'arm-none-eabi-gcc',
    flags: [
      '-mcpu=cortex-m4',
      '-mthumb',
      '-nostdlib',
      '-Wl,--section-start=.vectors=0',
      '-Wl,-Ttext=0x100',
      '-Wl,-e,0x101',
    ],
    emulator: 'qemu-system-arm',
    emulate: (program) => [
      '-M',
      'mps2-an386',
      '-nographic',
      '-monitor',
      'none',
      '-serial',
      'none',
      '-semihosting',
      '-kernel',
      program,
    ],
    beforeLoop: 4,
  },
  aarch64: {
    source: AARCH64,
    compiler: 'aarch64-linux-gnu-gcc',
    flags: ['-nostdlib', '-static'],
    emulator: 'qemu-aarch64',
    emulate: (program) => [program],
    beforeLoop: 3,
  },
};

const exists = (program) => spawnSync(program, ['--version']).error === undefined;
/** Some distributions build user emulation without plugins. */
const takesPlugins = (emulator) =>
  spawnSync(emulator, ['-h'], { encoding: 'utf8' }).stdout?.includes('plugin');

/** What has to be there to test a target and isn't. */
const missing = ({ compiler, emulator }) => [
  ...(existsSync(plugin) ? [] : [plugin]),
  ...(exists(compiler) ? [] : [compiler]),
  ...(takesPlugins(emulator) ? [] : [`${emulator} with plugins`]),
];

let folder;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'whittle-icnt-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(TARGETS))('icnt on %s', (name, target) => {
  const absent = missing(target);
  const test = it.skipIf(absent.length > 0 && !process.env.CI);

  const build = () => {
    const program = join(folder, name);
    writeFileSync(`${program}.S`, target.source);
    execFileSync(target.compiler, [...target.flags, '-o', program, `${program}.S`]);
    const symbols = execFileSync(target.compiler.replace(/gcc$/, 'nm'), ['-S', program], {
      encoding: 'utf8',
    });
    writeFileSync(`${program}.functions`, symbols);
    const addressOf = (symbol) => new RegExp(`^([0-9a-f]+) .* ${symbol}$`, 'm').exec(symbols)[1];
    return {
      program,
      functions: `${program}.functions`,
      begin: addressOf('mark_begin'),
      end: addressOf('mark_end'),
    };
  };
  const emulate = (program, options) =>
    spawnSync(target.emulator, ['-plugin', `${plugin},${options}`, ...target.emulate(program)], {
      encoding: 'utf8',
      timeout: 20_000,
    });

  test(`counts regions, functions and mnemonics exactly${absent.length > 0 ? ` (needs ${absent.join(', ')})` : ''}`, () => {
    const { program, functions, begin, end } = build();
    const out = join(folder, `${name}.report`);
    const all = `begin=${begin},end=${end},functions=${functions},mnemonics=on,alignment=on,out=${out}`;
    expect(emulate(program, all).status).toBe(0);
    const report = readFileSync(out, 'utf8');
    const lines = report.split('\n');
    expect(lines).toEqual(expect.arrayContaining(['icnt 1', 'regions 3', 'incomplete 1']));
    expect(lines.filter((line) => line.startsWith('region '))).toEqual(
      [4, 3, 2].map((turns, index) => `region ${index} ${regionOf(turns)}`),
    );
    expect(lines.filter((line) => line.startsWith('function '))).toEqual([
      'function work 21 5',
      `function ${name === 'aarch64' ? '_start' : 'start'} 9 3`,
      'function mark_begin 3 1',
    ]);
    expect(lines).toContain('mnemonic subs 9 2');
    expect(lines).toContain('unaligned 1');
    expect(report.endsWith('\nend\n')).toBe(true);
  });

  test('counts by address and layer in the last region, with the branches that were taken', () => {
    const { program, functions, begin, end } = build();
    const work = /^([0-9a-f]+) .* work$/m.exec(readFileSync(functions, 'utf8'))[1];
    const start = (BigInt(`0x${work}`) & ~1n).toString(16);
    const layers = join(folder, `${name}.layers`);
    writeFileSync(layers, `${work}\n`);
    const out = join(folder, `${name}.addresses`);
    expect(
      emulate(program, `begin=${begin},end=${end},addresses=on,layers=${layers},out=${out}`).status,
    ).toBe(0);
    const counts = [...readFileSync(out, 'utf8').matchAll(/^at (\w+) (\d) (\d+) (\d+)$/gm)];
    const sum = (layer, column) =>
      counts.filter((count) => count[2] === layer).reduce((total, count) => total + Number(count[column]), 0);
    // Two turns: what comes before the loop is layer 0, the loop and all after it layer 1.
    expect(sum('0', 3) + sum('1', 3)).toBe(regionOf(2));
    expect(sum('1', 3)).toBeGreaterThan(2 * 2);
    const branch = counts.filter((count) => count[2] === '1' && count[4] === '1' && count[3] === '2');
    expect(branch).toHaveLength(1);
    expect(parseInt(branch[0][1], 16)).toBeGreaterThan(parseInt(start, 16));
  });

  test('counts the whole run without markers, and the same twice', () => {
    const { program } = build();
    const reports = [0, 1].map(
      () => emulate(program, `out=${join(folder, 'whole')}`) && readFileSync(join(folder, 'whole'), 'utf8'),
    );
    expect(reports[0]).toBe(reports[1]);
    const total = totalOf(target);
    expect(reports[0]).toBe(`icnt 1\ntotal ${total}\nregions 1\nincomplete 0\nregion 0 ${total}\nend\n`);
  });

  test.each([
    ['an unknown option', 'size=3', /expected begin=HEX/],
    ['a marker without the other', 'begin=100', /begin and end go together/],
    ['an address that is none', 'begin=main,end=100', /expected begin=HEX/],
    ['functions that are not there', 'functions=/nonexistent', /cannot read the functions/],
    ['a report that cannot be written', 'out=/nonexistent/report', /cannot write the report/],
  ])('refuses %s', (_, options, message) => {
    const { status, stderr } = emulate(build().program, options);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
