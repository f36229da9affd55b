import { expect, test } from 'vitest';
import { parseCounts } from './instruction-count.js';

test('regions are read in order', () => {
  const report = 'icnt 1\ntotal 99\nregions 2\nincomplete 0\nregion 0 40\nregion 1 41\nend\n';
  expect(parseCounts(report)).toEqual({ regions: [40, 41] });
});

test.each([
  ['cut off', 'icnt 1\ntotal 99\nregions 1\n'],
  ['of another version', 'icnt 2\nend\n'],
  ['with an open region', 'icnt 1\nincomplete 1\nend\n'],
])('a report %s is refused', (_, report) => {
  expect(() => parseCounts(report)).toThrow(expect.objectContaining({ code: 'TOOLCHAIN_FAILED' }));
});
