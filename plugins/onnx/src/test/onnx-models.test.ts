import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '@whittle/core';
import { fileRuntimesUnavailable, runPython } from '@whittle/testkit';
import { readOnnxModel } from '../index.js';
import { faultOf } from './model-cases.fixture.js';
import type { ModelCase } from './model-cases.fixture.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./onnx_models.fixture.py', import.meta.url));

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('ONNX models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-onnx-'));
  let cases: readonly ModelCase[];
  beforeAll(async () => {
    await runPython(script, [folder]);
    cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as typeof cases;
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (name: string): Promise<Model> => readOnnxModel(readFileSync(join(folder, `${name}.onnx`)));

  it('compute what ONNX Runtime computes', async () => {
    expect(cases.length).toBeGreaterThan(300);
    const wrong: string[] = [];
    for (const each of cases) {
      try {
        const fault = faultOf(each, await read(each.name));
        if (fault !== undefined) wrong.push(`${each.name}: ${fault}`);
      } catch (error) {
        wrong.push(`${each.name}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
