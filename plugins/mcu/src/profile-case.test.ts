import { bind, LoweringTable } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { integerNetwork, networkInputs } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { targetRuntimes } from './runtimes.js';

const lowerings = new LoweringTable(kernelLowerings);
const model = bind(integerNetwork(), { batch: 1 });
const context = { lowerings, toTflite: () => Promise.reject(new Error('not needed')) };

/** Instructions of the calls of hooks, and of the code between layers, that a layer may have beside its own. */
const slack = 40;

for (const runtime of targetRuntimes.filter(({ name }) => /^(cortex-m|aarch64)/.test(name))) {
  const missing = process.env.CI ? undefined : await runtime.unavailable();
  describe.skipIf(missing)(`layers on ${runtime.name}${missing ? ` (skipped: ${missing})` : ''}`, () => {
    test('add up to the whole, which measuring them leaves alone', async () => {
      const cases = [{ model, inputs: networkInputs(2) }];
      const [plain] = await runtime.run(cases, context);
      const [{ cost }] = await runtime.run(cases, { ...context, options: { layers: true } });
      expect(cost?.instructions).toBe(plain.cost?.instructions);
      if (runtime.name.startsWith('cortex')) {
        expect(cost!.worstStackBytes).toBeGreaterThan(0);
        expect(cost!.stackBytes).toBeLessThanOrEqual(cost!.worstStackBytes!);
        expect(cost!.worstStackBytes).toBeLessThan(2000);
      }
      const layers = cost?.layers ?? [];
      expect(layers.map(({ name }) => name).join(', ')).toBe(
        model.nodes.map(({ outputs }) => outputs[0]).join(', '),
      );
      const sum = layers.reduce((total, { instructions }) => total + instructions, 0);
      expect(Math.abs(sum - cost!.instructions)).toBeLessThan(slack * layers.length);
      expect(layers.find(({ name }) => name.split(', ').includes('mixed'))?.macs).toBe(12 * 12 * 6 * 6);
      expect(layers.find(({ name }) => name === 'flat')?.instructions).toBe(0);
      expect(layers.reduce((total, { weightBytes }) => total + weightBytes, 0)).toBe(cost!.weightBytes);
      const functions = cost?.functions ?? [];
      const code = functions.reduce((total, { bytes }) => total + bytes, 0);
      expect(functions.some(({ name }) => name.startsWith('whittle_conv_'))).toBe(true);
      expect(code).toBeGreaterThan(0.9 * cost!.codeBytes);
      expect(code).toBeLessThanOrEqual(cost!.codeBytes);
      if (runtime.name.startsWith('aarch64')) return expect(cost?.estimatedCycles).toBeUndefined();
      expect(layers.find(({ name }) => name === 'flat')?.estimatedCycles).toBe(0);
      const cycles = layers.reduce((total, { estimatedCycles = NaN }) => total + estimatedCycles, 0);
      if (runtime.name !== 'cortex-m7') expect(cost!.estimatedCycles).toBeGreaterThan(cost!.instructions);
      expect(Math.abs(cycles - cost!.estimatedCycles!)).toBeLessThan(3 * slack * layers.length);
    }, 60_000);
  });
}
