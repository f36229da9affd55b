import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '@whittle/core';
import { fileRuntimesUnavailable, runFile } from './run-file.js';
import { runPython } from './run-python.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./tiny_models.fixture.py', import.meta.url));

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('a file in its own runtime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-run-file-'));
  beforeAll(async () => {
    expect(await runPython(script, [folder])).toBe('written\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['dense.keras', 'dense.h5'])('Keras runs %s', async (name) => {
    const inputs = [float32([1, 2], [1, 2]), float32([1, 3], [0, 10, 20])];
    const [output] = await runFile('keras', readFileSync(join(folder, name)), inputs);
    expect(output).toEqual(float32([1, 3], [6, 16, 26]));
  });

  it('ONNX Runtime runs bytes, and a path', async () => {
    const inputs = [float32([2], [1, 2]), float32([2], [10, 20])];
    const sum = float32([2], [11, 22]);
    const path = join(folder, 'sum.onnx');
    expect(await runFile('onnxruntime', readFileSync(path), inputs)).toEqual([sum, sum]);
    expect(await runFile('onnxruntime', path, inputs)).toEqual([sum, sum]);
  });

  it('what a runtime refuses is an error, and the next file runs', async () => {
    const inputs = [float32([1], [1]), float32([1], [2])];
    await expect(runFile('litert', Uint8Array.of(1, 2, 3), inputs)).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
    });
    const [sum] = await runFile('onnxruntime', join(folder, 'sum.onnx'), inputs);
    expect(sum).toEqual(float32([1], [3]));
  });

  it('a script that fails says why', async () => {
    await expect(runPython(script, [join(folder, 'nowhere', 'at-all')])).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
    });
  });
});
