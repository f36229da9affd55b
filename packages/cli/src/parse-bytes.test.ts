import { expect, it } from 'vitest';
import { parseBytes } from './parse-bytes.js';

it.each([
  ['1', 1],
  ['512B', 512],
  ['20K', 20_000],
  ['37KB', 37_000],
  ['64 kb', 64_000],
  ['20KiB', 20_480],
  ['1M', 1_000_000],
  ['2MB', 2_000_000],
  ['1MiB', 1_048_576],
])('%s', (text, bytes) => expect(parseBytes('--ram', text)).toBe(bytes));

it.each(['', '0', '1.5', '-1', '10GB', 'KB', '9999999999MiB', '1 2'])('refuses %j', (text) => {
  expect(() => parseBytes('--ram', text)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
});
