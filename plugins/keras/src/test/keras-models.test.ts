import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileRuntimesUnavailable, runPython } from '@whittle/testkit';
import { faultOf } from './model-cases.fixture.js';
import type { ModelCase } from './model-cases.fixture.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./keras_models.fixture.py', import.meta.url));

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('models that Keras writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-keras-'));
  let cases: readonly (ModelCase & { readonly name: string })[];
  beforeAll(async () => {
    await runPython(script, [folder]);
    cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as typeof cases;
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['keras', 'h5'])('compute what Keras computes, read from .%s', (ending) => {
    expect(cases.length).toBeGreaterThan(100);
    const wrong: string[] = [];
    for (const each of cases) {
      const fault = faultOf(each, readFileSync(join(folder, `${each.name}.${ending}`)));
      if (fault !== undefined) wrong.push(`${each.name}: ${fault}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('models that Keras 2 has written', () => {
  const folder = new URL('./keras2/', import.meta.url);
  const cases = JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8')) as readonly (ModelCase & {
    readonly files: readonly string[];
  })[];
  const files = cases.flatMap((each) => each.files.map((file) => [file, each] as const));

  it.each(files)('%s', (file, each) => {
    expect(faultOf(each, readFileSync(new URL(file, folder)))).toBeUndefined();
  });
});
