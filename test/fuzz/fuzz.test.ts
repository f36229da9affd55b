import { describe, expect, it } from 'vitest';
import { findPython } from '@whittle/testkit';
import { registry } from '../random/context.js';
import { fuzzReader } from './fuzz-reader.js';
import { isKnown, knownFaults } from './known-faults.js';
import { samplesOf } from './samples.js';

const perFormat = 2000;
const missing =
  process.env.CI === 'true' || findPython() ? undefined : 'no Python, whose packages have files';

describe.each(registry.readers.map(({ format }) => format))('damaged files of %s', (format) => {
  it.skipIf(missing)(
    'are refused with codes, or read as models that are valid, in 5 s and bounded memory',
    async () => {
      // Every other file: `npm run soak` has them all.
      const samples = (await samplesOf(format)).filter((_, i) => i % 2 === 0);
      const each = Math.ceil(perFormat / samples.length);
      const results = await Promise.all(
        samples.map((sample) => fuzzReader(format, sample, { seed: 1, from: 0, to: each })),
      );
      const faults = results.flatMap((result) => result.faults);
      expect(faults.filter((fault) => !isKnown(fault))).toEqual([]);
      for (const known of knownFaults.filter((fault) => fault.format === format))
        expect(
          faults.some(({ message }) => known.message.test(message)),
          known.reason,
        ).toBe(true);
      const sum = (key: 'read' | 'refused') => results.reduce((total, result) => total + result[key], 0);
      expect(sum('refused')).toBeGreaterThan(perFormat / 4);
      expect(sum('read') + sum('refused') + faults.length).toBe(each * samples.length);
    },
    120_000,
  );
});
