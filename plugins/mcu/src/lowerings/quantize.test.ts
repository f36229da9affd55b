import { LoweringTable, ModelBuilder, quantize, tensor } from '@whittle/core';
import type { RunCase } from '@whittle/core';
import { int8Runtime, STORED_RANGE } from '@whittle/int8';
import { expect, test } from 'vitest';
import { buildProgram } from '../build-program.js';
import { arenaBytesOf } from '../program.js';
import { hostRuntime } from '../runtimes.js';
import { kernelLowerings } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await hostRuntime.unavailable();
const lowerings = new LoweringTable(kernelLowerings);
const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };
const count = 1000;
const scaled = (scale: number) => ({ scale: Float32Array.of(scale), zeroPoint: Int32Array.of(0) });

function oneToOther(from: 'int8' | 'int16', to: 'int8' | 'int16'): RunCase {
  const scales = { int8: scaled(0.1), int16: scaled(0.1 / 256) };
  const builder = new ModelBuilder(`${from} to ${to}`);
  const x = builder.input('x', [1, count], { dtype: from, quantization: scales[from] });
  builder.output(builder.node('y', quantize, { dtype: to }, [x], { quantization: [scales[to]] }));
  const { min, max } = STORED_RANGE[from];
  const data = Array.from({ length: count }, (_, i) => min + ((i * 61) % (max - min + 1)));
  return { model: builder.finish(), inputs: [[tensor(from, [1, count], data)]] };
}

const cases = [oneToOther('int8', 'int16'), oneToOther('int16', 'int8')];

test('what is narrow lies within what is wide', async () => {
  for (const { model } of cases) {
    const program = await buildProgram(model, lowerings, { features: [], optimize: 'speed' });
    expect(arenaBytesOf(program)).toBe(2 * count);
  }
});

test.skipIf(missing !== undefined)(`and becomes it exactly (${missing ?? 'all there'})`, async () => {
  const found = await hostRuntime.run(cases, context);
  const expected = await int8Runtime.run(cases, context);
  expect(found.map(({ outputs }) => outputs)).toEqual(expected.map(({ outputs }) => outputs));
});
