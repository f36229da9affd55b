import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float32, tensor } from '@whittle/core';
import { emitTflite } from '@whittle/tflite';
import {
  jsonOf,
  network,
  runMain,
  temporaryFolder,
  whittle,
  writeNpy,
  writeTflite,
} from './whittle.fixture.js';

async function expectError(
  args: readonly string[],
  code: string,
  ...parts: readonly string[]
): Promise<void> {
  const ended = await runMain(...args);
  expect(ended, ended.err).toMatchObject({ code: code === 'USAGE_INVALID' ? 2 : 1 });
  if (args.includes('--json')) expect(jsonOf(ended)).toMatchObject({ error: { code } });
  else expect(ended.out).toBe('');
  const line = ended.err.split('\n').find((each) => each.startsWith('error '));
  expect(line).toMatch(new RegExp(`^error ${code}: `));
  for (const part of parts) expect(line).toContain(part);
  expect(ended.err).not.toMatch(/^\s+at /m);
}

describe('bad input', () => {
  it('ends the command itself with its exit code', async () => {
    const ended = await whittle('run', 'none.tflite', '--on', 'int8', '--json');
    const message = "none.tflite can't be read: there is no such file";
    const out = `${JSON.stringify({ error: { code: 'FILE_UNREADABLE', message } })}\n`;
    expect(ended).toEqual({ code: 1, out, err: `error FILE_UNREADABLE: ${message}\n` });
    expect(await whittle('frobnicate')).toMatchObject({ code: 2, out: '' });
  });

  it('a file that is missing, a folder, empty, of no known format, or truncated', async () => {
    const folder = temporaryFolder();
    const write = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const bytes = await emitTflite(network.model);
    await expectError(['inspect', join(folder, 'none')], 'FILE_UNREADABLE', 'no such file');
    await expectError(['inspect', folder], 'FILE_UNREADABLE', 'it is a folder');
    await expectError(['inspect', write('empty', '')], 'FORMAT_INVALID', '0 bytes', 'tflite', 'whittle');
    await expectError(['inspect', write('text.tflite', 'hello, world')], 'FORMAT_INVALID', 'text.tflite');
    const cut = write('cut.tflite', bytes.subarray(0, bytes.length / 2));
    await expectError(['run', cut, '--on', 'int8', '--json'], 'FORMAT_INVALID', cut, 'the file is cut off');
    const tip = write('tip.onnx', Uint8Array.of(8, 8));
    await expectError(
      ['inspect', tip],
      'FORMAT_INVALID',
      '2 bytes',
      'a .onnx that begins like this is cut off',
    );
    expect((await runMain('inspect', write('tip', 'x'))).err).not.toContain('cut off');
  });

  it('a runtime or target that there is not: the known ones are listed', async () => {
    const path = await writeTflite(temporaryFolder());
    await expectError(['run', path, '--on', 'int8,abacus'], 'USAGE_INVALID', "'abacus'", 'cortex-m4', 'tflm');
    await expectError(['run', path, '--on', 'int8,tflm,int8'], 'USAGE_INVALID', 'int8 twice');
    const args = ['export', path, '--target', 'abacus', '--out', 'nowhere'];
    await expectError(args, 'USAGE_INVALID', "'abacus'", 'tflite', 'host');
    await expectError(['compare', path, path, '--on', 'int8,int8,int8'], 'USAGE_INVALID', 'one or two');
  });

  it.each(['sequence:0', 'sequence:x', 'sequence:99999999', 'ones'])('--input %j', async (input) => {
    const path = await writeTflite(temporaryFolder());
    await expectError(['run', path, '--on', 'int8', '--input', input], 'USAGE_INVALID', 'sequence:N');
  });

  it('.npy files of another shape or type, truncated, or something else', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const [[{ shape }]] = network.inputs;
    const run = (file: string) => ['run', path, '--on', 'int8', '--input', file];
    const npy = (name: string, array: Parameters<typeof writeNpy>[1]) => writeNpy(join(folder, name), array);
    const expected = `int8[${shape.join(', ')}]`;
    const wide = npy('wide.npy', tensor('int8', [1, 99]));
    await expectError(run(wide), 'SHAPE_MISMATCH', expected, 'int8[1, 99]');
    await expectError(run(npy('float.npy', float32(shape))), 'SHAPE_MISMATCH', expected, 'float32');
    await expectError(run(npy('none.npy', tensor('int8', [0, ...shape]))), 'SHAPE_MISMATCH', expected);
    const whole = npy('whole.npy', tensor('int8', shape));
    await expectError(
      ['run', path, '--on', 'int8', '--input', whole, '--input', whole],
      'SHAPE_MISMATCH',
      '2',
    );
    const text = join(folder, 'text.npy');
    writeFileSync(text, 'not an array at all');
    await expectError(run(text), 'FORMAT_INVALID', text);
    const header = Buffer.from(
      "\x93NUMPY\x01\x00v\x00{'descr': '|i1', 'fortran_order': False, 'shape': (3, 7, 3), }",
      'latin1',
    );
    writeFileSync(text, Buffer.concat([header, Buffer.alloc(128 - header.length, ' '), Buffer.alloc(10)]));
    await expectError(run(text), 'FORMAT_INVALID', 'found 10 elements, expected 63');
    await expectError(run(join(folder, 'missing.npy')), 'FILE_UNREADABLE', 'missing.npy');
  });

  it('a model that is too large: says by how much, and leaves nothing', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(folder, 'out');
    const args = ['export', path, '--target', 'cortex-m4', '--out', out];
    await expectError([...args, '--ram', '10'], 'TARGET_TOO_SMALL', 'RAM', 'more than the 10');
    await expectError([...args, '--flash', '16'], 'TARGET_TOO_SMALL', 'flash', 'more than the 16');
    await expectError([...args, '--ram', '1.5'], 'USAGE_INVALID', "'1.5'");
    await expectError([...args, '--optimize', 'size'], 'USAGE_INVALID', 'speed', 'flash', 'ram', "'size'");
    expect(readdirSync(folder)).toEqual(['network.tflite']);
  });

  it('options that a target does not take', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const args = ['export', path, '--target', 'tflite', '--out', join(folder, 'out')];
    await expectError([...args, '--ram', '10', '--name', 'x'], 'USAGE_INVALID', 'tflite', '--ram, --name');
    await expectError(['run', path, '--on', 'int8', '--optimize', 'size'], 'USAGE_INVALID', "'size'");
    expect(readdirSync(folder)).toEqual(['network.tflite']);
  });

  it('an export over the model itself', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model.tflite');
    writeFileSync(path, await emitTflite(network.model));
    const args = ['export', path, '--target', 'tflite', '--out', folder];
    await expectError(args, 'FOLDER_OCCUPIED', path);
    expect((await runMain(...args, '--force')).code).toBe(0);
  });

  it('a place that cannot be written', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(path, 'out');
    await expectError(['export', path, '--target', 'tflite', '--out', out], 'FILE_UNWRITABLE', out);
    await expectError(['export', path, '--target', 'tflite', '--out', path], 'FILE_UNWRITABLE', path);
    expect(readdirSync(folder)).toEqual(['network.tflite']);
  });

  it('a place that cannot be written, before the model is read', async () => {
    const folder = temporaryFolder();
    const no = join(folder, 'no.tflite');
    const file = join(folder, 'file');
    writeFileSync(file, '');
    symlinkSync('/dev/full', join(folder, 'full.tflite'));
    const convert = (out: string) => ['convert', no, out];
    await expectError(convert(folder), 'FILE_UNWRITABLE', folder, 'it is a folder', 'expected a file');
    await expectError(convert('/dev/full'), 'FILE_UNWRITABLE', '/dev/full', 'it is a device');
    await expectError(convert(join(folder, 'full.tflite')), 'FILE_UNWRITABLE', 'it is a device');
    await expectError(
      convert(join(file, 'new', 'out.tflite')),
      'FILE_UNWRITABLE',
      `${file} is a file, expected a folder`,
    );
    // Whoever runs this, nothing can be made there.
    await expectError(convert('/proc/out.tflite'), 'FILE_UNWRITABLE', 'in /proc nothing can be made');
    const target = ['export', no, '--target', 'host', '--out'];
    await expectError([...target, file], 'FILE_UNWRITABLE', 'it is a file', 'expected a folder');
    await expectError([...target, '/dev/full'], 'FILE_UNWRITABLE', 'it is a device');
    await expectError([...target, folder], 'FOLDER_OCCUPIED', folder);
    const run = ['run', no, '--on', 'int8', '--out'];
    await expectError([...run, file], 'FILE_UNWRITABLE', `${file} is a file, expected a folder`);
    await expectError([...run, '/proc/outputs'], 'FILE_UNWRITABLE', 'in /proc nothing can be made');
    expect(readdirSync(folder).sort()).toEqual(['file', 'full.tflite']);
  });

  it.each([[[]], [['frobnicate']], [['run', 'model']], [['run', 'model', '--on', ',']], [['inspect']]])(
    'a command line that is wrong: %j',
    async (args) => {
      const ended = await runMain(...args);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(/^(error USAGE_INVALID: |Usage: )/);
    },
  );

  it.each([
    ['inspect MODEL --weights float16', '--weights'],
    ['inspect MODEL --shape 1,x', '--shape'],
    ['convert MODEL OUT.tflite --weights int8', '--weights'],
    ['convert MODEL OUT.tflite --weights', '--weights'],
    ['convert MODEL OUT.tflite --weights --json', '--weights'],
    ['convert MODEL OUT.tflite --weights float16 --weights float32', '--weights'],
    ['convert MODEL OUT.tflite --names some', '--names'],
    ['convert MODEL OUT.tflite --target tflite', '--target'],
    ['convert MODEL OUT.whittle --signature x', '--signature'],
    ['convert MODEL OUT.tflite --signature x --no-signature', '--signature x and --no-signature'],
    ['convert MODEL OUT.tflite --no-signature --signature x', '--no-signature and --signature x'],
    ['convert MODEL OUT.tflite --clean-up --no-clean-up', '--clean-up and --no-clean-up'],
    ['convert MODEL OUT.onnx', "'.onnx'"],
    ['convert MODEL MODEL', 'the model itself'],
    ['run MODEL --on', '--on'],
    ['run MODEL --on int8 --on tflm', '--on'],
    ['run MODEL --on int8 --out --json', '--out'],
    ['run MODEL --on int8 --tolerance 1', '--tolerance'],
    ['compare MODEL', '--on'],
    ['compare MODEL --on int8', '--on'],
    ['compare MODEL MODEL --tolerance -1', '--tolerance'],
    ['compare MODEL MODEL --tolerance few', '--tolerance'],
    ['export MODEL --target host', '--out'],
    ['export MODEL --target abacus --out OUT', '--target'],
    ['export MODEL --target host --out OUT --flash much', '--flash'],
    ['export MODEL --target tflite --out OUT.tflite', '--out'],
  ])('options that are wrong end with 2, by name: %s', async (line, ...parts) => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const words = line.split(' ');
    const args = words.map((word) => (word === 'MODEL' ? path : word.replace('OUT', join(folder, 'out'))));
    await expectError(args, 'USAGE_INVALID', ...parts);
    expect(readdirSync(folder)).toEqual(['network.tflite']);
  });

  it('a command line that is wrong, as JSON', async () => {
    const ended = await runMain('inspect', '--json');
    expect(ended.code).toBe(2);
    expect(jsonOf(ended)).toEqual({
      error: { code: 'USAGE_INVALID', message: "missing required argument 'model'" },
    });
  });

  it('a shape that is not the model’s, whatever the command', async () => {
    const path = await writeTflite(temporaryFolder());
    const shape = ['--shape', '1,2'];
    await expectError(['inspect', path, ...shape, '--json'], 'OPTION_INVALID', '[1, 2]');
    await expectError(['compare', path, path, ...shape], 'OPTION_INVALID', '[1, 2]');
    await expectError(
      ['export', path, '--target', 'host', '--out', 'x', ...shape],
      'OPTION_INVALID',
      '[1, 2]',
    );
  });
});
