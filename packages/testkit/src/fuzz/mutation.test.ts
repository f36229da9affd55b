import { describe, expect, it } from 'vitest';
import { mutation } from '../index.js';

const file = new TextEncoder().encode(
  `{"shape": [1, 22, 333], "data": "${Array.from({ length: 150 }, (_, i) => i.toString(36)).join('')}"}`,
);
const all = Array.from({ length: 2000 }, (_, i) => mutation(file, 1, i));

describe('damaged files', () => {
  it('are the same for a seed and an index, and leave the file as it is', () => {
    const before = file.slice();
    expect(mutation(file, 1, 17)).toEqual(all[17]);
    expect(mutation(file, 2, 17)).not.toEqual(all[17]);
    expect(file).toEqual(before);
  });

  it('differ from the file, and from one another', () => {
    const texts = new Set(all.map((bytes) => Buffer.from(bytes).toString('latin1')));
    expect(texts.size).toBeGreaterThan(1700);
    expect(all.filter((bytes) => Buffer.compare(bytes, file) !== 0).length).toBeGreaterThan(1800);
  });

  it('are cut, lengthened and nested', () => {
    expect(all.filter(({ length }) => length < file.length).length).toBeGreaterThan(100);
    expect(all.filter(({ length }) => length > file.length).length).toBeGreaterThan(100);
    expect(all.filter(({ length }) => length >= 20_000).length).toBeGreaterThan(2);
  });

  it('come of empty and tiny files too', () => {
    for (let i = 0; i < 500; i++)
      for (const size of [0, 1, 2, 7])
        expect(mutation(new Uint8Array(size), 3, i)).toBeInstanceOf(Uint8Array);
  });
});
