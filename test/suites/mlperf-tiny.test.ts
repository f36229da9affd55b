import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { main } from '@whittle/cli';
import { int8Runtime } from '@whittle/int8';
import { describeSuites } from '@whittle/testkit/vitest';
import { mlperfTiny, mlperfTinySuite, withoutModels } from './mlperf-tiny.js';
import { furtherRuntimes, suiteOptions, testedRuntimes } from './tested-runtimes.js';

const allRuntimes = [...testedRuntimes, ...furtherRuntimes];

/** The exact ones that the command line has, with why one can't run here; in CI each is required. */
const exact = await Promise.all(
  [int8Runtime, ...allRuntimes.flatMap(({ tolerance, runtime }) => (tolerance ? [] : [runtime]))]
    .filter(({ name }) => suiteOptions.registry.runtimes.has(name))
    .map(async (runtime) => ({
      runtime: runtime.name,
      missing: process.env.CI === 'true' ? undefined : await runtime.unavailable(),
    })),
);

async function run(...args: readonly string[]): Promise<unknown> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(out), text(err)]);
  const code = await main(['run', ...args, '--json'], { out, err });
  out.end();
  err.end();
  const [result, messages] = await printed;
  expect(code, messages).toBe(0);
  return JSON.parse(result);
}

if (mlperfTiny.length > 0)
  describe('MLPerf Tiny', () => {
    describeSuites([mlperfTinySuite], testedRuntimes, suiteOptions);

    for (const { name, path, crc32 } of mlperfTiny)
      for (const { runtime, missing } of exact)
        it.skipIf(missing)(
          `${name} answers on ${runtime} as TensorFlow Lite Micro does${missing ? ` (skipped: ${missing})` : ''}`,
          async () => {
            for (const input of ['sequence', 'sequence:32'] as const) {
              const result = await run(path, '--on', runtime, '--input', input);
              expect(result).toMatchObject({ model: path, runs: [{ runtime, outputCrc32: crc32[input] }] });
            }
          },
          120_000,
        );
  });
else it('MLPerf Tiny', ({ skip }) => skip(withoutModels));
