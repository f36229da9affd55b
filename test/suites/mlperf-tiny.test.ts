import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { main } from '@whittle/cli';
import { describeSuites } from '@whittle/testkit/vitest';
import { mlperfTiny, mlperfTinySuite, withoutModels } from './mlperf-tiny.js';
import { furtherRuntimes, suiteOptions, testedRuntimes } from './tested-runtimes.js';

const allRuntimes = [...testedRuntimes, ...furtherRuntimes];

/** Those that the command line has. */
const exact = [
  'int8',
  ...allRuntimes
    .filter(({ tolerance, runtime }) => !tolerance && suiteOptions.registry.runtimes.has(runtime.name))
    .map(({ runtime }) => runtime.name),
];

/** The exact runtimes that are here; all where CI requires it. */
async function availableRuntimes(): Promise<string[]> {
  const missing = await Promise.all(
    allRuntimes.map(async ({ runtime }) => ((await runtime.unavailable()) === undefined ? '' : runtime.name)),
  );
  return exact.filter((name) => process.env.CI === 'true' || !missing.includes(name));
}

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

    it.each(mlperfTiny)('$name answers as TensorFlow Lite Micro does', async ({ path, crc32 }) => {
      const runtimes = await availableRuntimes();
      for (const input of ['sequence', 'sequence:32'] as const) {
        const runs = runtimes.map((runtime) => ({ runtime, outputCrc32: crc32[input] }));
        const result = await run(path, '--on', runtimes.join(','), '--input', input);
        expect(result).toMatchObject({ model: path, runs });
      }
    });
  });
else it('MLPerf Tiny', ({ skip }) => skip(withoutModels));
