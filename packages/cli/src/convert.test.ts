import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  conv2d,
  dense,
  float32,
  ModelBuilder,
  print,
  relu,
  saveModel,
  tensor,
} from '@whittle/core';
import type { Model } from '@whittle/core';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { readTflite, writeTflite as writeFile } from '@whittle/tflite-schema';
import { jsonOf, network, runMain, temporaryFolder, whittle, writeTflite } from './whittle.fixture.js';

/** A convolution in float with 9 * 4 * 8 weights. */
function convolution(): Model {
  const build = new ModelBuilder('convolution');
  const weight = float32(
    [3, 3, 4, 8],
    Float32Array.from({ length: 288 }, (_, i) => Math.sin(i)),
  );
  const preprocess = { layout: 'NHWC', range: [0, 255], mean: [127.5], scale: [127.5] } as const;
  const x = build.input('x', ['batch', 5, 5, 4], { preprocess });
  const y = build.node(
    'y',
    conv2d,
    { strides: [1, 1], padding: 'same', dilations: [1, 1], groups: 1, activation: 'relu' },
    [x, build.parameter('w', weight, 'weight')],
  );
  build.output(y, { labels: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] });
  return build.finish();
}

describe('whittle convert', () => {
  it('brings a model from one format to the other and back, whatever the file is called', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const own = join(folder, 'new', 'own.WHITTLE');
    const ended = await whittle('convert', path, own, '--json');
    expect(ended.code, ended.err).toBe(0);
    expect(jsonOf(ended)).toEqual({
      model: path,
      format: 'tflite',
      fileBytes: readFileSync(path).length,
      out: own,
      outFormat: 'whittle',
      outBytes: readFileSync(own).length,
      notes: [`the folder ${join(folder, 'new')} was made`],
    });
    writeFileSync(join(folder, 'misnamed.h5'), readFileSync(own));
    const back = join(folder, 'back.tflite');
    writeFileSync(back, 'old');
    expect((await runMain('convert', join(folder, 'misnamed.h5'), back)).code).toBe(0);
    expect(readFileSync(back)).toEqual(readFileSync(path));
    expect(print(readTfliteModel(readFileSync(back)))).toBe(print(network.model));
    expect(readdirSync(folder).sort()).toEqual(['back.tflite', 'misnamed.h5', 'network.tflite', 'new']);
    expect(readdirSync(join(folder, 'new'))).toEqual(['own.WHITTLE']);
  });

  it('folds batch norms and fuses activations for a .tflite, unless told', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'network.whittle');
    const build = new ModelBuilder('network');
    const parameter = (id: string, role: 'scale' | 'offset' | 'mean' | 'variance') =>
      build.parameter(id, float32([2], [1, 2]), role);
    const sums = build.node('sums', dense, { activation: 'none' }, [
      build.input('x', ['batch', 2]),
      build.parameter('w', float32([2, 2], [1, -2, 3, 4]), 'weight'),
    ]);
    const operands = [parameter('g', 'scale'), parameter('b', 'offset'), parameter('m', 'mean')];
    const normal = build.node('normal', batchNorm, { epsilon: 1 }, [
      sums,
      ...operands,
      parameter('v', 'variance'),
    ]);
    build.output(build.node('y', relu, {}, [normal]));
    writeFileSync(path, saveModel(build.finish()));
    const opsOf = async (out: string, ...options: string[]) => {
      const ended = await runMain('convert', path, join(folder, out), '--json', ...options);
      expect(ended.code, ended.err).toBe(0);
      const { ops } = jsonOf(await runMain('inspect', join(folder, out), '--json'));
      return { ops, notes: jsonOf(ended).notes };
    };
    const notes = ['1 batch normalizations folded, 1 activations fused'];
    expect(await opsOf('a.tflite')).toEqual({ ops: { dense: 1 }, notes });
    expect(await opsOf('b.tflite', '--no-clean-up')).toEqual({
      ops: { dense: 1, mul: 1, add: 1, relu: 1 },
      notes: [],
    });
    expect(await opsOf('c.whittle')).toEqual({ ops: { dense: 1, batch_norm: 1, relu: 1 }, notes: [] });
    expect(await opsOf('d.whittle', '--clean-up')).toEqual({ ops: { dense: 1 }, notes });
  });

  it('keeps how a .tflite stores its weights, and says so', async () => {
    const folder = temporaryFolder();
    const [path, half, again] = ['c.whittle', 'half.tflite', 'again.tflite'].map((name) =>
      join(folder, name),
    );
    writeFileSync(path, saveModel(convolution()));
    await runMain('convert', path, half, '--weights', 'float16');
    const kept = await runMain('convert', half, again, '--json');
    expect(jsonOf(kept)).toMatchObject({ notes: [`weights are stored as in ${half}: float16`] });
    expect(readFileSync(again)).toEqual(readFileSync(half));
    const wider = jsonOf(await runMain('convert', half, again, '--weights', 'float32', '--json'));
    expect(wider.notes).toEqual([]);
    expect(Number(wider.outBytes)).toBeGreaterThan(readFileSync(half).length + 400);
    const refused = await runMain('convert', join(folder, 'nowhere.h5'), again, '--weights', 'int8');
    expect(refused).toMatchObject({ err: expect.stringContaining("weights: found 'int8', expected one of") });
  });

  it.each(['float16', 'dynamic-range'])('says that a .whittle keeps no weights as %s', async (weights) => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at('c.whittle'), saveModel(convolution()));
    await runMain('convert', at('c.whittle'), at('small.tflite'), '--weights', weights);
    const own = await runMain('convert', at('small.tflite'), at('own.whittle'), '--json');
    expect(jsonOf(own).notes).toEqual([
      `${at('small.tflite')} stores weights as ${weights}, which a .whittle doesn't keep; a .tflite is written so again with --weights ${weights}`,
    ]);
    await runMain('convert', at('own.whittle'), at('again.tflite'), '--weights', weights);
    expect(readFileSync(at('again.tflite'))).toEqual(readFileSync(at('small.tflite')));
  });

  it('writes where a link leads, and leaves the link', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    writeFileSync(join(folder, 'old.tflite'), 'old');
    symlinkSync('old.tflite', join(folder, 'link.tflite'));
    expect((await runMain('convert', path, join(folder, 'link.tflite'))).code).toBe(0);
    expect(lstatSync(join(folder, 'link.tflite')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'old.tflite'))).toEqual(readFileSync(path));
  });

  it('stores weights, names and the signature as told', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'convolution.whittle');
    writeFileSync(path, saveModel(convolution()));
    const sizes: number[] = [];
    for (const weights of ['float32', 'float16', 'dynamic-range']) {
      const out = join(folder, `${weights}.tflite`);
      const ended = await runMain('convert', path, out, '--weights', weights, '--json');
      expect(ended.code, ended.err).toBe(0);
      sizes.push(Number(jsonOf(ended).outBytes));
    }
    expect(sizes[1]).toBeLessThan(sizes[0] - 400);
    expect(sizes[2]).toBeLessThan(sizes[1]);
    const out = join(folder, 'out.tflite');
    await runMain('convert', path, out, '--signature', 'classify', '--names', 'boundary');
    const { signatureDefs, subgraphs } = readTflite(readFileSync(out));
    expect(signatureDefs.map(({ signatureKey }) => signatureKey)).toEqual(['classify']);
    expect(subgraphs[0].tensors.map(({ name }) => name)).toEqual(['x', null, null, 'y']);
    await runMain('convert', path, out, '--no-signature');
    expect(readTflite(readFileSync(out)).signatureDefs).toEqual([]);
    expect(jsonOf(await runMain('inspect', out, '--json'))).toMatchObject({
      inputs: [{ name: 'x', preprocess: { mean: [127.5], range: [0, 255] } }],
      outputs: [{ name: 'y', labels: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] }],
      states: [],
      ops: { conv2d: 1 },
      // A .tflite has a bias in any case.
      parameters: 288 + 8,
      macs: 25 * 288,
    });
  });

  it('refuses what it does not write, and leaves everything as it was', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const before = readFileSync(path);
    const refused = async (code: string, ...args: string[]) => {
      const ended = await runMain('convert', ...args);
      expect(ended).toMatchObject({ code: code === 'USAGE_INVALID' ? 2 : 1, out: '' });
      expect(ended.err).toContain(`error ${code}: `);
      return ended.err;
    };
    expect(await refused('USAGE_INVALID', path, join(folder, 'out.onnx'))).toContain('.whittle, .tflite');
    const weights = ['--weights', 'float64'];
    await refused('USAGE_INVALID', path, join(folder, 'out.tflite'), ...weights);
    await refused('USAGE_INVALID', path, join(folder, 'out.whittle'), '--weights', 'float16');
    symlinkSync(path, join(folder, 'link.tflite'));
    await refused('USAGE_INVALID', path, join(folder, 'link.tflite'));
    await refused('FILE_UNWRITABLE', path, join(path, 'out.tflite'));
    await refused('FILE_UNREADABLE', join(folder, 'none'), join(folder, 'out.tflite'));
    writeFileSync(join(folder, 'bad'), 'hello, world');
    await refused('FORMAT_INVALID', join(folder, 'bad'), join(folder, 'out.tflite'));
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['bad', 'link.tflite', 'network.tflite']);
  });
});

describe('a file that leaves extents open', () => {
  it('is refused until they are told', async () => {
    const folder = temporaryFolder();
    const file = readTflite(await emitTflite(convolution()));
    file.subgraphs[0].tensors[file.subgraphs[0].inputs[0]].shapeSignature = [-1, -1, -1, 4];
    const path = join(folder, 'open.tflite');
    writeFileSync(path, writeFile(file));
    const refused = await runMain('inspect', path);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`error SHAPE_OPEN: ${path}: `);
    expect(refused.err).toContain("--shape 'x=1,N,N,4'");
    const wide = jsonOf(await runMain('inspect', path, '--shape', 'batch,7,9,4', '--json'));
    expect(wide.inputs).toMatchObject([{ shape: ['batch', 7, 9, 4] }]);
    expect(wide.outputs).toMatchObject([{ shape: ['batch', 7, 9, 8] }]);
    const out = join(folder, 'wide.tflite');
    expect((await runMain('convert', path, out, '--shape', 'x=1,7,9,4')).code).toBe(0);
    expect(jsonOf(await runMain('inspect', out, '--json')).inputs).toMatchObject([{ shape: [1, 7, 9, 4] }]);
    const told = ['--shape', 'x=1,7,9,4', '--on', 'float', '--json'];
    expect(jsonOf(await runMain('run', path, ...told)).runs).toMatchObject([{ runtime: 'float' }]);
    const compared = await runMain('compare', path, out, '--shape', 'x=1,7,9,4', '--json');
    expect(jsonOf(compared)).toMatchObject({ equal: true, values: [{ elements: 7 * 9 * 8 }] });
    const exported = ['export', path, '--target', 'tflite', '--out', join(folder, 'exported'), '--json'];
    expect(jsonOf(await runMain(...exported, '--shape', '1,7,9,4'))).toMatchObject({ main: 'model.tflite' });
    const there = await runMain('inspect', join(folder, 'exported', 'model.tflite'), '--json');
    expect(jsonOf(there)).toMatchObject({
      inputs: [{ shape: [1, 7, 9, 4] }],
      outputs: [{ shape: [1, 7, 9, 8] }],
    });
    for (const wrong of ['y=1,7,9,4', 'x=1,7,9,3', 'x=1,7,9'])
      expect((await runMain('inspect', path, '--shape', wrong)).err).toContain('error OPTION_INVALID: ');
  });

  it('isn’t a file of Whittle’s own', async () => {
    const path = join(temporaryFolder(), 'convolution.whittle');
    writeFileSync(path, saveModel(convolution()));
    expect((await runMain('inspect', path, '--shape', '1,5,5,4')).err).toContain('error OPTION_INVALID: ');
  });
});

describe('whittle inspect', () => {
  it('tells the states of a streaming model', async () => {
    const folder = temporaryFolder();
    const build = new ModelBuilder('stream');
    const x = build.input('x', [1, 3]);
    const last = build.state('last', tensor('float32', [1, 3]));
    build.nextState(last, x);
    build.output(last);
    const path = join(folder, 'stream.whittle');
    writeFileSync(path, saveModel(build.finish()));
    const { states } = jsonOf(await runMain('inspect', path, '--json'));
    expect(states).toEqual([{ name: 'last', dtype: 'float32', shape: [1, 3] }]);
    expect((await runMain('inspect', path)).out).toMatch(/│ state +│ last: float32\[1, 3\] +│/);
  });
});

describe('floats', () => {
  it('that differ by rounding alone are compared with a tolerance, which is named', async () => {
    const folder = temporaryFolder();
    const [path, other] = [join(folder, 'a.whittle'), join(folder, 'b.whittle')];
    const model = convolution();
    writeFileSync(path, saveModel(model));
    const rounded = [...model.parameters].map(([id, parameter]) => {
      const { data, shape } = parameter.tensor;
      const values = Float32Array.from(data as Float32Array, (w) => w * (1 + 2 ** -20));
      return [id, { ...parameter, tensor: float32(shape, values) }] as const;
    });
    writeFileSync(other, saveModel({ ...model, parameters: new Map(rounded) }));
    const exact = await runMain('compare', path, other);
    expect(exact.out).toContain('--tolerance 1e-5, or another number');
    const close = await runMain('compare', path, other, '--tolerance', '1e-3');
    expect(close.out).toMatch(/^equal: 1 values agree$/m);
    expect((await runMain('compare', path, path)).out).not.toContain('--tolerance');
  });

  it('aren’t evaluated in integers before they are quantized', async () => {
    const path = join(temporaryFolder(), 'convolution.whittle');
    writeFileSync(path, saveModel(convolution()));
    const { err } = await runMain('run', path, '--on', 'int8');
    expect(err).toMatch(/^error QUANTIZATION_INVALID: .*quantize it first/m);
  });
});
