import { readFile } from 'node:fs/promises';
import { afterAll, describe as group, expect, test } from 'vitest';
import { format, resolveConfig } from 'prettier';
import { conform } from './conform.js';
import type { Conformance, Outcome } from './conform.js';
import { corpus, withoutCorpus } from './corpus.js';
import { modelsPage } from './models-page.js';
import type { Row } from './models-page.js';

const missing = withoutCorpus();
if (missing && process.env.CI) throw new Error(missing);
const models = missing ? [] : corpus();
const rows: Row[] = [];

function largestOf(outcome: Outcome | undefined): number {
  if (outcome === undefined || typeof outcome === 'string') throw new Error(outcome ?? 'not run');
  return outcome.largest;
}

/** Without a third to a half of its channels a float model computes what it does with them masked, or says where it can't. */
function expectPruned({ isInteger, pruned }: Conformance): void {
  if (isInteger) return;
  if (!pruned) throw new Error('not pruned');
  const { channels, pinned, removed, inexact, deviation, effect } = pruned;
  expect(channels + pinned).toBeGreaterThan(0);
  if (channels === 0) return;
  expect(removed).toBeGreaterThan(0);
  expect(largestOf(effect)).toBeGreaterThan(0);
  if (inexact === 0) expect(largestOf(deviation)).toBeLessThanOrEqual(1e-5);
}

group.skipIf(models.length === 0)(`real models${missing ? ` (skipped: ${missing})` : ''}`, () => {
  for (const model of models)
    test(`${model.source}: ${model.name} ${model.unreadable ? 'is refused by name' : 'is read, written and run alike'}`, async () => {
      if (model.unreadable !== undefined) {
        await expect(conform(model)).rejects.toMatchObject({
          code: 'OP_UNSUPPORTED',
          message: expect.stringContaining(model.unreadable) as string,
        });
        rows.push(model);
        return;
      }
      const found = await conform(model);
      rows.push(found);
      const limit = found.isInteger ? 1 : 1e-4;
      expect(largestOf(found.read)).toBeLessThanOrEqual(model.allowance?.largest ?? limit);
      for (const [runtime, outcome] of found.written) {
        if (typeof outcome === 'string' && runtime === 'LiteRT, WebAssembly') {
          expect(outcome).toMatch(/uint8/);
          continue;
        }
        const exact = found.isInteger && runtime === 'TFLite Micro';
        const allowed =
          found.isInteger || model.allowance?.whenWritten ? (model.allowance?.largest ?? limit) : limit;
        expect(largestOf(outcome), runtime).toBeLessThanOrEqual(exact ? 0 : allowed);
      }
      expect(found.sameBytes).toBe(true);
      expectPruned(found);
    }, 120_000);

  afterAll(async () => {
    // Without the models beside the checkout there are rows that can't be made anew.
    const complete = models.some(({ source }) => source === 'MLPerf Tiny') && rows.length === models.length;
    if (!complete) return;
    const path = 'docs/models.md';
    const options = { ...(await resolveConfig(path)), filepath: path };
    expect(await readFile(path, 'utf8')).toBe(await format(modelsPage(rows), options));
  });
});
