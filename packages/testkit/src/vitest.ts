import { beforeAll, describe, expect, it } from 'vitest';
import { prepareSuites } from './run-suites.js';
import type { RunSuitesOptions, RuntimeReport } from './run-suites.js';
import type { Suite, TestedRuntime } from './suite.js';

/**
 * Declares vitest tests, one for each suite on each runtime. A runtime that is missing is skipped with the reason;
 * where the environment says CI=true it is required.
 */
export function describeSuites(
  suites: readonly Suite[],
  runtimes: readonly TestedRuntime[],
  options: RunSuitesOptions,
): void {
  let prepared: ReturnType<typeof prepareSuites> | undefined;
  for (const tested of runtimes)
    describe(`on ${tested.runtime.name}`, () => {
      let report: RuntimeReport;
      beforeAll(async () => {
        prepared ??= prepareSuites(suites, options);
        report = await (await prepared)(tested);
      }, 600_000);
      for (const suite of suites)
        it(suite.name, (context) => {
          if (report.unavailable !== undefined && process.env.CI !== 'true') context.skip(report.unavailable);
          expect(report.unavailable).toBeUndefined();
          const results = report.results.filter((result) => result.suite === suite.name);
          expect(results.length).toBeGreaterThan(0);
          const wrong = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'closed-gap');
          expect(wrong.map((result) => `${result.case}: ${result.message}`)).toEqual([]);
        });
    });
}
