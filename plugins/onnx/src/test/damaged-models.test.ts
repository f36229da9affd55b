import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWhittleError } from '@whittle/core';
import { fileRuntimesUnavailable, mutation, runPython } from '@whittle/testkit';
import { onnxReader, readOnnxModel } from '../index.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./onnx_models.fixture.py', import.meta.url));
const codes = ['FORMAT_INVALID', 'OP_UNSUPPORTED', 'SHAPE_OPEN'];

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('damaged ONNX models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-onnx-damaged-'));
  let files: readonly Uint8Array[];
  beforeAll(async () => {
    await runPython(script, [folder]);
    files = readdirSync(folder)
      .filter((name) => name.endsWith('.onnx'))
      .sort()
      .map((name) => new Uint8Array(readFileSync(join(folder, name))));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read or refused with a code', async () => {
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const outcome = await outcomeOf(mutation(files[i % files.length], 5, i));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual([...codes, 'read'].sort());
    expect(outcomes.get('FORMAT_INVALID')).toBeGreaterThan(500);
  });

  it('that are cut short are refused, wherever that is', async () => {
    const bytes = files[0];
    for (let length = 0; length < bytes.length; length += 7) {
      const outcome = await outcomeOf(bytes.subarray(0, length));
      if (outcome !== 'read') expect(outcome).toBe('FORMAT_INVALID');
    }
  });

  it('are recognized by content, and other files are not', () => {
    for (const bytes of files) expect(onnxReader.recognizes(bytes)).toBe(true);
    const text = new TextEncoder();
    for (const other of ['', 'PK\u0003\u0004', '{"format": "layers-model"}', '\u0089HDF\r\n', '    TFL3'])
      expect(onnxReader.recognizes(text.encode(other))).toBe(false);
  });
});

async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    await readOnnxModel(bytes);
    return 'read';
  } catch (error) {
    return isWhittleError(error) ? error.code : String(error);
  }
}
