import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StructFields } from '@whittle/kernel-api';
import { describe, expect, test } from 'vitest';
import { kernelFolder } from '../lowerings/kernel-call.js';
import { runTool } from '../tool.js';
import { present } from '../tools.fixture.js';
import { encodeStruct, StructLayouts } from './struct-layout.js';

const folder = fileURLToPath(kernelFolder);
/** Those that a module may be made from: other instruction sets have their own. */
const headers = readdirSync(folder).filter(
  (name) => name.endsWith('.h') && !/_(armv6m|dsp|mve|neon|dotprod)[_.]/.test(name),
);
const sources = headers.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const params = sources.flatMap(([name, text]) =>
  [...text.matchAll(/\} (whittle_\w+_params|whittle_broadcast);/g)].map(([, type]) => ({ name, type })),
);

test.skipIf(!present('cc'))(
  'parameter structs lie as the compiler lays them out (skipped without cc)',
  async () => {
    expect(params.length).toBeGreaterThan(10);
    const layouts = new StructLayouts(sources.map(([, text]) => text));
    const lines = params.flatMap(({ type }) => [
      `  printf("${type} %u\\n", (unsigned)sizeof(${type}));`,
      ...layouts.of(type).fields.map(({ name }) => {
        const member = `((${type} *)0)->${name}`;
        return `  printf("${name} %u %u\\n", (unsigned)offsetof(${type}, ${name}), (unsigned)sizeof ${member});`;
      }),
    ]);
    const includes = [...new Set(params.map(({ name }) => `#include "${name}"`))];
    const source = [
      '#include <stddef.h>',
      '#include <stdio.h>',
      ...includes,
      'int main(void) {',
      ...lines,
      '}',
    ];
    const out = await mkdtemp(join(tmpdir(), 'whittle-layout-'));
    try {
      await writeFile(join(out, 'layout.c'), source.join('\n'));
      await runTool('cc', ['-std=c11', '-I', folder, 'layout.c', '-o', 'layout'], { cwd: out });
      const printed = await runTool(join(out, 'layout'), []);
      const expected = params.flatMap(({ type }) => {
        const { bytes, fields } = layouts.of(type);
        return [`${type} ${bytes}`, ...fields.map((f) => `${f.name} ${f.offset} ${f.size * f.count}`)];
      });
      expect(printed.trimEnd().split('\n')).toEqual(expected);
    } finally {
      await rm(out, { recursive: true });
    }
  },
);

describe('encoding a struct', () => {
  const layout = new StructLayouts([
    `typedef struct {
      uint8_t flag; /* comments; and semicolons */
      int32_t wide, narrow;
      uint16_t sizes[3];
    } whittle_sample;`,
  ]).of('whittle_sample');

  test('pads between fields and at the end, in little-endian order', () => {
    expect([...encodeStruct(layout, { flag: 7, wide: -2, narrow: 258, sizes: [1, 65535] })]).toEqual([
      7, 0, 0, 0, 254, 255, 255, 255, 2, 1, 0, 0, 1, 0, 255, 255, 0, 0, 0, 0,
    ]);
  });

  test('refuses what the struct cannot hold', () => {
    const wrong: StructFields[] = [
      { flag: 256 },
      { wide: 0.5 },
      { sizes: [1, 2, 3, 4] },
      { other: 1 },
      { sizes: [-1] },
    ];
    for (const fields of wrong)
      expect(() => encodeStruct(layout, fields)).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }));
  });
});

test('a type that no header declares, or that holds more than integers, is refused', () => {
  const layouts = new StructLayouts(['typedef struct { whittle_v128 lanes; } whittle_vectors;']);
  for (const type of ['whittle_vectors', 'whittle_nothing'])
    expect(() => layouts.of(type)).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }));
});
