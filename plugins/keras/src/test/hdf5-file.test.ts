import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWhittleError } from '@whittle/core';
import { fileRuntimesUnavailable, runPython } from '@whittle/testkit';
import { Hdf5File } from '../hdf5/hdf5-file.js';
import { mutations } from './mutations.fixture.js';

const unavailable = fileRuntimesUnavailable();
const script = fileURLToPath(new URL('./hdf5_file.fixture.py', import.meta.url));
const values = Array.from({ length: 105 }, (_, i) => i);

describe.skipIf(unavailable !== undefined && process.env.CI !== 'true')('a file that HDF5 wrote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-hdf5-'));
  let bytes: Uint8Array;
  let file: Hdf5File;
  beforeAll(async () => {
    await runPython(script, [folder]);
    bytes = new Uint8Array(readFileSync(join(folder, 'early.h5')));
    file = new Hdf5File(readFileSync(join(folder, 'early.h5')));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has attributes that are texts, of any length, and lists of them', () => {
    expect(file.text('', 'text')).toBe('größer');
    expect(file.text('', 'fixed')).toBe('four');
    expect(file.text('', 'number')).toBeUndefined();
    expect(file.text('', 'absent')).toBeUndefined();
    expect(file.texts('', 'names')).toEqual(['one', 'three', 'five']);
    expect(file.texts('', 'texts')).toEqual(['a'.repeat(300), 'b', '']);
    expect(file.texts('', 'none')).toEqual([]);
    expect(file.texts('', 'long')).toHaveLength(6000);
    expect(file.texts('', 'long')?.[4001]).toBe('2001');
  });

  it.each(['f2', 'f4', 'f8', 'i1', 'u2', 'i4', 'i8', 'u8'])('has numbers of type %s', (type) => {
    expect(file.tensor(`types/${type}`)).toEqual({
      dtype: 'float32',
      shape: [7, 5, 3],
      data: Float32Array.from(values),
    });
  });

  it.each(['plain', 'packed', 'checked'])('has chunks, %s', (name) => {
    expect(Array.from(file.tensor(`chunked/${name}`)?.data ?? [])).toEqual(values);
  });

  it('has scalars, empty data sets and such as were never written', () => {
    expect(file.tensor('types/scalar')).toMatchObject({ shape: [], data: Float32Array.of(2.5) });
    expect(file.tensor('types/empty')).toMatchObject({ shape: [0, 3], data: new Float32Array() });
    expect(file.tensor('types/unwritten')).toMatchObject({ shape: [2, 3], data: new Float32Array(6) });
    expect(() => file.tensor('types/>f4')).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
  });

  it('has groups, many in one, and no others', () => {
    expect(file.tensor('many/group299/value')?.data).toEqual(Float32Array.of(299));
    expect(file.hasGroup('many/group0')).toBe(true);
    expect(file.hasGroup('many/group300')).toBe(false);
    expect(file.hasGroup('types/f4')).toBe(false);
    expect(file.hasGroup('soft')).toBe(false);
    expect(file.hasGroup('outside')).toBe(false);
  });

  it('is read where its headers are of version 2, and refused where its chunks are newer', () => {
    const middle = new Hdf5File(readFileSync(join(folder, 'middle.h5')));
    expect(middle.text('', 'text')).toBe('small');
    expect(Array.from(middle.tensor('types/f4')?.data ?? [])).toEqual(values);
    const latest = new Hdf5File(readFileSync(join(folder, 'latest.h5')));
    expect(() => latest.tensor('chunked')).toThrow(expect.objectContaining({ code: 'OP_UNSUPPORTED' }));
  });

  it('gives codes and nothing else where it is damaged, in little time', () => {
    const others: string[] = [];
    const start = process.cpuUsage();
    for (const damaged of mutations(bytes, 500, 1))
      try {
        const read = new Hdf5File(damaged);
        for (const name of ['text', 'names', 'texts', 'long']) read.texts('', name);
        for (const path of ['types/f4', 'chunked/plain', 'chunked/packed', 'chunked/checked'])
          read.tensor(path);
        for (let i = 0; i < 300; i += 29) read.tensor(`many/group${i}/value`);
      } catch (error) {
        if (!isWhittleError(error)) others.push(String(error));
      }
    expect(others).toEqual([]);
    expect(process.cpuUsage(start).user).toBeLessThan(60e6);
  });
});
