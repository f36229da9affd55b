import { expect, test } from 'vitest';
import { createRegistry } from '@whittle/core';
import type { Model } from '@whittle/core';
import { int8Plugin } from '@whittle/int8';
import { buildProgram } from './build-program.js';
import { integerNetwork } from './integer-network.fixture.js';
import { arenaMeasure, latencyMeasure } from './model-measures.js';
import { mcu } from './plugin.js';
import { arenaBytesOf } from './program.js';
import { cortexM4Runtime } from './runtimes.js';
import { cortexM3, cortexM4, cortexM55, host } from './targets/index.js';

const { lowerings } = createRegistry([int8Plugin, mcu]);
const missing = await cortexM4Runtime.unavailable();

test('the arena is that of the program that is planned for the target', async () => {
  const model = integerNetwork();
  const measure = arenaMeasure(cortexM4, { lowerings, optimize: 'ram' });
  const program = await buildProgram(model, lowerings, { features: cortexM4.features, optimize: 'ram' });
  expect(await measure.of(model)).toBe(arenaBytesOf(program));
  expect(await measure.of(integerNetwork(16))).toBeGreaterThan(await measure.of(model));
  expect(measure).toMatchObject({ name: 'arena on cortex-m4', unit: 'bytes' });
});

test('what is measured is what quantization makes', async () => {
  const seen: Model[] = [];
  const quantize = (model: Model) => {
    seen.push(model);
    return Promise.resolve(integerNetwork());
  };
  const [given, plain] = [integerNetwork(16), arenaMeasure(cortexM4, { lowerings })];
  expect(await arenaMeasure(cortexM4, { lowerings, quantize }).of(given)).toBe(
    await plain.of(integerNetwork()),
  );
  expect(seen).toEqual([given]);
});

test.skipIf(missing)(`latency is estimated in cycles, the same each time ${missing ?? ''}`, async () => {
  const measure = latencyMeasure(cortexM4, { lowerings });
  expect(measure.unit).toBe('cycles');
  const [small, again, large] = [
    await measure.of(integerNetwork(6)),
    await measure.of(integerNetwork(6)),
    await measure.of(integerNetwork(12)),
  ];
  expect(small).toBeGreaterThan(1000);
  expect(again).toBe(small);
  expect(large).toBeGreaterThan(2 * small);
  const instructions = latencyMeasure({ ...cortexM4, cycles: undefined }, { lowerings });
  expect(instructions.unit).toBe('instructions');
  expect(await instructions.of(integerNetwork(6))).toBeLessThan(small);
});

test('a target that nothing emulates has no latency', () => {
  expect(() => latencyMeasure(host, { lowerings })).toThrowError(
    expect.objectContaining({ code: 'TARGET_UNAVAILABLE' }),
  );
  expect(latencyMeasure(cortexM3, { lowerings }).name).toBe('latency on cortex-m3');
});

test.skipIf(missing)(
  `a multiple of channels takes fewer instructions than one channel less ${missing ?? ''}`,
  async () => {
    const measure = latencyMeasure({ ...cortexM55, cycles: undefined }, { lowerings });
    const multiple = cortexM55.channelMultiple!;
    const [less, whole] = [
      await measure.of(integerNetwork(8, multiple - 1)),
      await measure.of(integerNetwork(8, multiple)),
    ];
    expect(whole).toBeLessThan(less);
  },
);
