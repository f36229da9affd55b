import { describe, expect, it } from 'vitest';
import { int8Runtime } from '@whittle/int8';
import { cortexM4Runtime, hostRuntime } from '@whittle/mcu';
import { compiledCases } from './compiled-cases.js';
import { context } from './context.js';

const cases = await compiledCases(1, 50);
const expected = await int8Runtime.run(cases, context);

describe.each([hostRuntime, cortexM4Runtime].map((runtime) => [runtime.name, runtime] as const))(
  'random models on %s',
  async (name, runtime) => {
    const missing = process.env.CI === 'true' ? undefined : await runtime.unavailable();

    it.skipIf(missing)(
      `compute what integer evaluation does${missing ? ` (skipped: ${missing})` : ''}`,
      async () => {
        const found = await runtime.run(cases, context);
        expect(cases.length).toBe(50);
        found.forEach(({ outputs }, i) => {
          expect(outputs, `${name}, seed ${cases[i].seed}, ${cases[i].activations}`).toEqual(
            expected[i].outputs,
          );
        });
      },
      300_000,
    );
  },
);
