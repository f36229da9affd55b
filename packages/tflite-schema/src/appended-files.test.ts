import { describe, expect, it } from 'vitest';
import { appendedFiles, appendFiles } from './appended-files.js';
import { crc32 } from './crc32.js';

const model = Uint8Array.from({ length: 50 }, (_, i) => i);
const text = (value: string) => new TextEncoder().encode(value);
const files = new Map([
  ['labels.txt', text('cat\ndog')],
  ['größe.txt', text('')],
]);
const coded = expect.objectContaining({ code: 'FORMAT_INVALID' });

/** Python's zipfile, of a deflated member of 300 times 'a', by itself. */
const deflated = Buffer.from(
  'UEsDBBQAAAAIAAAAIQAJGZeJBwAAACwBAAABAAAAYUtMHAXEAgBQSwECFAMUAAAACAAAACEACRmXiQcAAAAsAQAAAQAAAAAAAAAAAAAAgAEAAAAAYVBLBQYAAAAAAQABAC8AAAAmAAAAAAA=',
  'base64',
);

describe('files appended to a model', () => {
  it('come back, and the model stays in front as it was', () => {
    const bytes = appendFiles(model, files);
    expect(bytes.subarray(0, 50)).toEqual(model);
    expect(appendedFiles(bytes, ['größe.txt', 'labels.txt', 'none'])).toEqual(files);
    expect(appendFiles(model, new Map())).toBe(model);
    expect(appendedFiles(model, ['labels.txt']).size).toBe(0);
    expect(appendFiles(model, files)).toEqual(bytes);
  });

  it('may be packed, by an archive that counts from its own start', () => {
    const bytes = new Uint8Array([...model, ...deflated]);
    expect(appendedFiles(bytes, ['a']).get('a')).toEqual(text('a'.repeat(300)));
  });

  it('are refused with a code where any byte of the archive is damaged, or give what they were', () => {
    for (const whole of [appendFiles(model, files), new Uint8Array([...model, ...deflated])]) {
      let refused = 0;
      for (let at = 50; at < whole.length; at++)
        for (const flip of [0xff, 0x80, 1]) {
          const bytes = whole.slice();
          bytes[at] ^= flip;
          try {
            const found = appendedFiles(bytes, ['labels.txt', 'a']);
            for (const data of found.values())
              expect([text('cat\ndog'), text('a'.repeat(300))]).toContainEqual(data);
          } catch (error) {
            expect(error).toEqual(coded);
            refused++;
          }
        }
      expect(refused).toBeGreaterThan(20);
    }
  });

  it('may not unpack to many times the whole', () => {
    const bytes = new Uint8Array(deflated);
    new DataView(bytes.buffer).setUint32(38 + 24, 0x7fffffff, true);
    expect(() => appendedFiles(bytes, ['a'])).toThrow('unpacks to many times the size of the file');
  });

  it('have checksums', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf43926);
  });
});
