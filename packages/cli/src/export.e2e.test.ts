import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { print } from '@whittle/core';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { jsonOf, network, runMain, temporaryFolder, whittle, writeTflite } from './whittle.fixture.js';

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
  });
});
