import { afterAll, describe, expect, it } from 'vitest';
import { isWhittleError } from '@whittle/core';
import { opDraws, randomModel, tflmRuntime } from '@whittle/testkit';
import { Findings } from './check.js';
import { checkFloat } from './float-checks.js';
import { checkIntegers, quantizeRandom } from './integer-checks.js';
import { checkLiteRtIntegers } from './integer-litert.js';
import { failedOnce } from './failed-once.js';
import { checkStoredWeights } from './stored-weights-checks.js';
import { checkTflite } from './tflite-checks.js';
import { withoutIntegers } from './without-integers.js';

const missing = process.env.CI === 'true' ? undefined : await tflmRuntime.unavailable();
const seeds = Array.from({ length: 300 }, (_, i) => i + 1);
const findings = new Findings();

afterAll(() => {
  // Most models have to come through every check: what is left out is the exception.
  for (const [name, count] of findings.passed)
    if (!name.startsWith('prune')) expect(count, name).toBeGreaterThan(/^int.*litert/.test(name) ? 50 : 125);
});

describe('random models', () => {
  it('are what passes, files and rewritings keep', async () => {
    for (const seed of seeds) await checkFloat(randomModel(seed), findings);
    expect(findings.failures).toEqual([]);
  }, 300_000);

  it.skipIf(missing)(
    'compute the same in LiteRT, and come back from .tflite files as they were',
    async () => {
      for (const seed of seeds) await checkTflite(randomModel(seed), findings);
      expect(findings.failures).toEqual([]);
    },
    300_000,
  );

  it.skipIf(missing)(
    'compute what their weights come to when these are stored in half and in a quarter of the bytes',
    async () => {
      for (const seed of seeds)
        await checkStoredWeights(randomModel(seed), seed % 2 === 0 ? 'float16' : 'dynamic-range', findings);
      expect(findings.failures).toEqual([]);
    },
    300_000,
  );

  it.skipIf(missing)(
    'compute the same in integers and in TensorFlow Lite Micro, and nearly in LiteRT',
    async () => {
      for (const seed of seeds) {
        const quantized = await checkIntegers(seed, seed % 2 === 0 ? 'int8' : 'int16', findings);
        if (quantized) await checkLiteRtIntegers(quantized, findings);
      }
      expect(findings.failures).toEqual([]);
    },
    300_000,
  );
});

describe.skipIf(missing)('random models that failed once', () => {
  it.each(failedOnce)('seed $seed: $reason', async ({ seed }) => {
    const own = new Findings();
    await checkFloat(randomModel(seed), own);
    await checkTflite(randomModel(seed), own);
    for (const weights of ['float16', 'dynamic-range'] as const)
      await checkStoredWeights(randomModel(seed), weights, own);
    for (const activations of ['int8', 'int16'] as const) {
      const quantized = await checkIntegers(seed, activations, own);
      if (quantized) await checkLiteRtIntegers(quantized, own);
    }
    expect(own.failures).toEqual([]);
  });
});

describe.each(['int8', 'int16'] as const)('what has no integers for activations of %s', (activations) => {
  const gaps = opDraws.filter(({ op }) => withoutIntegers[activations].has(op.name));

  it('is an op of core each', () => {
    expect(new Set(gaps.map(({ op }) => op.name)).size).toBe(withoutIntegers[activations].size);
  });

  it.each(gaps.map(({ op }) => op.name))('%s is refused, in one form at least', async (name) => {
    const refusals = await Promise.all(
      Array.from({ length: 12 }, (_, seed) =>
        randomModel(seed, { ops: (op) => op.name === name, nodes: [1, 1] }),
      )
        .filter(({ model }) => model.nodes.some(({ op }) => op.name === name))
        .map((random) => quantizeRandom(random, activations, 'integer').then(() => 'taken', codeOf)),
    );
    const codes = new Set(refusals.filter((code) => code !== 'taken'));
    expect([...codes].every((code) => ['OP_UNSUPPORTED', 'QUANTIZATION_INVALID'].includes(code))).toBe(true);
    expect(codes.size).toBeGreaterThan(0);
  });
});

const codeOf = (error: unknown) => (isWhittleError(error) ? error.code : String(error));
