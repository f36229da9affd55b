import { expect, test } from 'vitest';
import { parseCounts } from './instruction-count.js';

test('regions are read in order', () => {
  const report = 'icnt 1\ntotal 99\nregions 2\nincomplete 0\nregion 0 40\nregion 1 41\nend\n';
  expect(parseCounts(report)).toEqual({ regions: [40, 41], addresses: [], unaligned: new Map() });
});

test('counts by address and unaligned accesses are read', () => {
  const report = 'icnt 1\nregion 0 7\nunaligned 2\nunaligned-at 80b0 2\nat 80a4 0 3 1\nat 80a4 2 4 0\nend\n';
  expect(parseCounts(report)).toEqual({
    regions: [7],
    unaligned: new Map([[0x80b0, 2]]),
    addresses: [
      { address: 0x80a4, layer: 0, executed: 3, taken: 1 },
      { address: 0x80a4, layer: 2, executed: 4, taken: 0 },
    ],
  });
});

test.each([
  ['cut off', 'icnt 1\ntotal 99\nregions 1\n'],
  ['of another version', 'icnt 2\nend\n'],
  ['with an open region', 'icnt 1\nincomplete 1\nend\n'],
])('a report %s is refused', (_, report) => {
  expect(() => parseCounts(report)).toThrow(expect.objectContaining({ code: 'TOOLCHAIN_FAILED' }));
});
