import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tensorFlowUnavailable } from '@whittle/train';
import type { EpochRecord, TensorFlowBackend } from '@whittle/train';
import { describe, expect, test } from 'vitest';

const kernels = join(import.meta.dirname, '../../packages/train/wasm/kernels.wasm');
const missing =
  process.env.CI === 'true'
    ? undefined
    : ((await tensorFlowUnavailable()) ?? (existsSync(kernels) ? undefined : `there is no ${kernels}`));

interface Trained {
  readonly backend: string;
  readonly tensors: number;
  readonly heaps: readonly (number | null)[];
  readonly history: readonly EpochRecord[];
}

async function trainOn(backend: TensorFlowBackend): Promise<Trained> {
  const program = join(import.meta.dirname, 'train-digits.ts');
  const args = ['--conditions=@whittle/source', '--import=tsx', program];
  const env = { ...process.env, WHITTLE_TENSORFLOW: backend };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as Trained;
}

describe.skipIf(missing)(`training in WebAssembly ${missing ?? ''}`, () => {
  test(
    'comes to what native TensorFlow comes to, in memory that stays as it is',
    { timeout: 300_000 },
    async () => {
      const [native, wasm] = [await trainOn('native'), await trainOn('wasm')];
      expect([native.backend, wasm.backend]).toEqual(['tensorflow', 'wasm']);
      expect(wasm.tensors).toBe(0);
      expect(wasm.heaps[1]).toBe(wasm.heaps[0]);
      wasm.history.forEach((record, epoch) => {
        const expected = native.history[epoch];
        for (const [name, loss] of Object.entries(expected.losses))
          expect(Math.abs(record.losses[name] - loss)).toBeLessThan(0.03 * loss);
        expect(Math.abs(record.validation!.accuracy - expected.validation!.accuracy)).toBeLessThan(0.02);
      });
      expect(wasm.history[1].validation!.accuracy).toBeGreaterThan(0.9);
    },
  );
});
