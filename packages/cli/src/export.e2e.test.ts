import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { print } from '@whittle/core';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import {
  jsonOf,
  network,
  runMain,
  temporaryFolder,
  whittle,
  whittleInShell,
  writeTflite,
} from './whittle.fixture.js';

describe('whittle export', () => {
  it('writes a .tflite file, into a folder that is new or there already', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(folder, 'deep', 'out');
    const ended = await whittle('export', path, '--target', 'tflite', '--out', out, '--json');
    expect(ended.code, ended.err).toBe(0);
    const bytes = readFileSync(join(out, 'model.tflite'));
    expect(print(readTfliteModel(bytes))).toBe(print(network.model));
    expect(jsonOf(ended)).toEqual({
      model: path,
      target: 'tflite',
      out,
      files: [{ path: 'model.tflite', bytes: bytes.length }],
      main: 'model.tflite',
      report: { bytes: bytes.length },
    });
    writeFileSync(join(out, 'model.tflite'), 'old');
    writeFileSync(join(out, 'mine.txt'), 'stays');
    expect((await runMain('export', path, '--target', 'tflite', '--out', out)).code).toBe(0);
    expect(readFileSync(join(out, 'model.tflite'))).toEqual(bytes);
    expect(readdirSync(out).sort()).toEqual(['mine.txt', 'model.tflite']);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['out']);
  });

  it('brings a model from one format to another and back', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    await runMain('export', path, '--target', 'whittle', '--out', folder);
    await runMain('export', join(folder, 'model.whittle'), '--target', 'tflite', '--out', folder);
    expect(readFileSync(join(folder, 'model.tflite'))).toEqual(Buffer.from(await emitTflite(network.model)));
  });

  it.each(['host', 'cortex-m4'])('writes a C project for %s', async (target) => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(folder, target);
    const ended = await runMain('export', path, '--target', target, '--out', out, '--ram', '64KB', '--json');
    expect(ended.code, ended.err).toBe(0);
    const { files } = jsonOf(ended) as { files: { path: string; bytes: number }[] };
    for (const file of files) expect(readFileSync(join(out, file.path)).length).toBe(file.bytes);
    expect(existsSync(join(out, 'model.c'))).toBe(true);
    expect(files.map(({ path: file }) => file)).toContain('whittle.json');
    expect(JSON.parse(readFileSync(join(out, 'whittle.json'), 'utf8'))).toMatchObject({
      model: path,
      target,
      options: { ram: 64_000 },
    });
  });

  it('calls a project by the name that is told, by the model, or by its file', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder, { ...network.model, name: 'main' });
    const header = () => readFileSync(join(folder, 'c', 'model.h'), 'utf8');
    const args = ['export', path, '--target', 'host', '--out', join(folder, 'c')];
    expect((await runMain(...args)).code).toBe(0);
    expect(header()).toContain('network_run');
    expect((await runMain(...args, '--name', 'wake_word')).code).toBe(0);
    expect(header()).toContain('wake_word_run');
  });

  it('says how much memory is needed in all, and lists files where asked', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const args = ['export', path, '--target', 'host', '--out', join(folder, 'c')];
    const short = await runMain(...args);
    expect(short.out).toMatch(/^│ optimized for speed +│/m);
    expect(short.out).toMatch(/^│ RAM: arena of tensors and scratch +│ +[\d,]+ +│$/m);
    expect(short.out).toMatch(/^\d+ files in .*, to begin with CMakeLists.txt and README.md/m);
    expect(short.out).not.toContain('model.c');
    expect((await runMain(...args, '--verbose')).out).toMatch(/^│ model.c +│ +[\d,]+ +│$/m);
  });

  it('takes what fits, and tells of it', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const args = ['export', path, '--target', 'host', '--json'];
    const [speed, ram] = ['speed', 'ram'].map((optimize) =>
      runMain(...args, '--optimize', optimize, '--out', join(folder, optimize)),
    );
    const { arenaBytes } = jsonOf(await speed).report as { arenaBytes: number };
    const least = jsonOf(await ram).report as { arenaBytes: number };
    expect(least.arenaBytes).toBeLessThan(arenaBytes);
    const fitting = [...args, '--ram', String(arenaBytes - 1), '--out', join(folder, 'fitting')];
    expect(jsonOf(await runMain(...fitting)).report).toMatchObject({
      ...least,
      notes: [expect.any(String), expect.any(String)],
    });
  });
});

describe('whittle --version', () => {
  it('is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await runMain('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('whittle export --help', () => {
  it("tells the targets' limits", async () => {
    const { out } = await runMain('export', '--help');
    expect(out).toMatch(/^ {2}cortex-m0plus .*; 32,768 bytes of RAM, 262,144 bytes of flash$/m);
  });
});

describe('whittle inspect', () => {
  it('prints inputs, outputs, ops, parameters and MACs', async () => {
    const path = await writeTflite(temporaryFolder());
    const result = jsonOf(await runMain('inspect', path, '--json'));
    const parameters = [...network.model.parameters.values()];
    expect(result).toMatchObject({
      model: path,
      format: 'tflite',
      inputs: [{ name: 'input', dtype: 'int8', shape: [1, 3, 7, 3] }],
      outputs: [
        { name: 'output', dtype: 'int8', shape: [1, 7], scale: 1 / 256, zeroPoint: -128 },
        { name: 'conv_5', dtype: 'int8', shape: [1, 3, 7, 2] },
      ],
      parameters: parameters.reduce((sum, { tensor }) => sum + tensor.data.length, 0),
    });
    const { ops } = result as { ops: Record<string, number> };
    expect(Object.values(ops).reduce((a, b) => a + b)).toBe(network.model.nodes.length);
    expect(Number(result.macs)).toBeGreaterThan(0);
    const human = await runMain('inspect', path);
    expect(human.out).toMatch(/│ MACs +│ [\d,]+ +│/);
  });
});

describe('standard output', () => {
  it('that takes nothing is an error, and a reader that has left is none', async () => {
    const path = await writeTflite(temporaryFolder());
    const full = await whittleInShell('whittle inspect "$MODEL" > /dev/full', path);
    expect(full).toMatchObject({ code: 1, out: '' });
    expect(full.err).toMatch(/error FILE_UNWRITABLE: standard output can't be written: ENOSPC/);
    expect(full.err).not.toMatch(/^ +at /m);
    const left = await whittleInShell('whittle inspect "$MODEL" | true', path);
    expect(left).toMatchObject({ code: 0, out: '' });
    expect(left.err).not.toMatch(/EPIPE|^ +at /m);
  });
});

describe('whittle compare', () => {
  it('finds nothing between equal models, and the first layer between different ones', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const same = await runMain('compare', path, path, '--on', 'int8', '--input', 'sequence:2', '--json');
    expect(jsonOf(same)).toMatchObject({ inputs: 2, equal: true, first: null });
    const { nodes, parameters, ...rest } = network.model;
    const changed = new Map(parameters);
    const conv = nodes.find(({ op }) => op.name === 'conv2d')!;
    const weight = parameters.get(conv.inputs[1])!;
    const data = (weight.tensor.data as Int8Array).map((w) => w ^ 0x40);
    changed.set(weight.id, { ...weight, tensor: { ...weight.tensor, data } });
    const other = join(folder, 'other.tflite');
    writeFileSync(other, await emitTflite({ ...rest, nodes, parameters: changed }));
    const { equal, first } = jsonOf(await runMain('compare', path, other, '--json')) as {
      equal: boolean;
      first: { a: string; op: string };
    };
    expect(equal).toBe(false);
    expect(first).toMatchObject({ a: conv.outputs[0], b: conv.outputs[0], op: 'conv2d' });
    const human = await runMain('compare', path, other);
    expect(human).toMatchObject({ code: 0 });
    expect(human.out).toContain(`they part at ${conv.outputs[0]} (conv2d)`);
    expect(human.out).not.toContain('--tolerance');
  });
});
