import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoweringTable, ModelBuilder, relu } from '@whittle/core';
import type { Model } from '@whittle/core';
import { quantizeFloat } from '@whittle/int8';
import type { ActivationScale } from '@whittle/int8';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildProgram } from '../build-program.js';
import { kernelLowerings } from '../lowerings/index.js';
import { projectSources } from '../project-sources.js';
import { runTool } from '../tool.js';
import { present } from '../tools.fixture.js';
import { writeFiles } from '../work-folder.js';

const scales: readonly ActivationScale[] = [
  { dtype: 'int8', scale: Math.fround(0.1), zeroPoint: -128 },
  { dtype: 'int8', scale: 1, zeroPoint: 127 },
  { dtype: 'int8', scale: Math.fround(1 / 255), zeroPoint: 3 },
  { dtype: 'int16', scale: Math.fround(1 / 3000), zeroPoint: 0 },
];

function network({ dtype, scale, zeroPoint }: ActivationScale): Model {
  const quantization = { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) };
  const b = new ModelBuilder('net');
  const x = b.input('x', [1, 2, 3], { dtype, quantization });
  b.output(b.node('y', relu, {}, [x], { quantization: [quantization] }));
  return b.finish();
}

/** Values around every rounding and both ends, and what is no number. */
function realValues({ scale }: ActivationScale): number[] {
  const steps = [
    -40000, -256.5, -129, -128.5, -2.5, -0.5, -0.49999997, 0, 0.49999997, 0.5, 1.5, 127.5, 200, 40000,
  ];
  return [
    ...steps.map((step) => Math.fround(step * scale)),
    1e-40,
    -1e-40,
    3e38,
    -3e38,
    Infinity,
    -Infinity,
    NaN,
  ];
}

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'whittle-header-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function headerOf(scale: ActivationScale): Promise<ReadonlyMap<string, string>> {
  const program = await buildProgram(network(scale), new LoweringTable(kernelLowerings));
  return projectSources(program, 'net').files;
}

const hex = (value: number) => `0x${new Uint32Array(Float32Array.of(value).buffer)[0].toString(16)}`;

describe('model.h', () => {
  test('tells shape, scale and zero point', async () => {
    const header = (await headerOf(scales[0])).get('model.h');
    for (const line of [
      '/* x: int8[1, 2, 3]; real value = 0.1 * (stored + 128) */',
      '#define NET_INPUT_SIZE 6',
      '#define NET_INPUT_RANK 3',
      '#define NET_INPUT_SHAPE {1, 2, 3}',
      '#define NET_INPUT_SCALE 0.1f',
      '#define NET_INPUT_ZERO_POINT (-128)',
      'static inline float net_output_dequantize(int8_t stored) {',
    ])
      expect(header).toContain(line);
    expect((await headerOf(scales[3])).get('model.h')).toContain('; real value = 0.00033333333 * stored */');
  });

  for (const language of ['c11', 'c++11'] as const)
    test.skipIf(!present('cc', 'g++'))(
      `its functions convert as QUANTIZE and DEQUANTIZE do, in ${language} (skipped without cc)`,
      async () => {
        for (const scale of scales) {
          const values = realValues(scale);
          const main = `#include <stdio.h>
#include <string.h>
#include "model.h"
static const uint32_t bits[] = {${values.map(hex).join(', ')}};
int main(void) {
  for (unsigned i = 0; i < sizeof bits / sizeof *bits; ++i) {
    float real;
    memcpy(&real, &bits[i], sizeof real);
    const int stored = net_input_quantize(real);
    printf("%d %.9g\\n", stored, (double)net_output_dequantize((${scale.dtype}_t)stored));
  }
  return 0;
}
`;
          await writeFiles(folder, new Map([...(await headerOf(scale)), ['main.c', main]]));
          const cpp = language === 'c++11' ? ['-x', 'c++'] : [];
          const flags = ['-O2', '-Wall', '-Wextra', '-Wconversion', '-Werror', '-fsanitize=undefined'];
          const args = [...flags, ...cpp, `-std=${language}`, '-pedantic', 'main.c', '-o', 'main'];
          await runTool(cpp.length > 0 ? 'g++' : 'cc', args, { cwd: folder });
          const lines = (await runTool(join(folder, 'main'), [])).trim().split('\n');
          const found = lines.map((line) => line.split(' ').map(Number));
          const expected = values.map((value) => {
            // Beyond what an int32 holds TensorFlow Lite Micro has no result of its own: here it is the nearest end.
            const within = Number.isNaN(value)
              ? -1e8 * scale.scale
              : Math.max(-1e8 * scale.scale, Math.min(1e8 * scale.scale, value));
            const stored = quantizeFloat(Math.fround(within), scale);
            return [stored, Math.fround(scale.scale * (stored - scale.zeroPoint))];
          });
          expect(found.map(([stored]) => stored)).toEqual(expected.map(([stored]) => stored));
          expect(found.map(([, real]) => Math.fround(real))).toEqual(expected.map(([, real]) => real));
        }
      },
      30_000,
    );
});
