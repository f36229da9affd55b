import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { coreOps, createRegistry, isWhittleError, verify, WhittleError } from '@whittle/core';
import { readTfjsArtifacts, readTfjsModel, tfjsPlugin, tfjsReader } from '../index.js';
import type { TfjsArtifacts, TfjsWeightSpec } from '../artifacts.js';
import { GraphBuilder } from './graph-builder.fixture.js';
import { graphCases } from './graph-cases.fixture.js';
import { layersCases } from './layers-cases.fixture.js';
import { mutations } from './mutations.fixture.js';
import { artifactsOf } from './tfjs-artifacts.fixture.js';

const encode = (text: string) => new TextEncoder().encode(text);
const refused = (code: string, message: string) => ({
  code,
  message: expect.stringContaining(message) as string,
});
const thrown = (code: string, message: string) => expect.objectContaining(refused(code, message)) as Error;

let sound: TfjsArtifacts;
let data: Uint8Array;
beforeAll(async () => {
  await tf.setBackend('cpu');
  sound = await artifactsOf(
    tf.sequential({ layers: [tf.layers.dense({ name: 'dense', inputShape: [3], units: 2 })] }),
  );
  data = new Uint8Array(sound.weightData as ArrayBuffer);
});

/** A file of the sound model, changed. */
const fileOf = (change: object = {}) => {
  const { modelTopology, weightSpecs } = sound;
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  return encode(JSON.stringify({ modelTopology, weightsManifest, ...change }));
};
const readFrom = (file: Uint8Array, bytes = data) => readTfjsModel(file, () => Promise.resolve(bytes));

describe('a sound file', () => {
  it('is read with its shards by the reader', async () => {
    const context = { ops: coreOps, readBeside: () => Promise.resolve(data) };
    const model = await tfjsReader.read(fileOf(), context);
    expect(model.nodes.map(({ op }) => op.name)).toEqual(['dense']);
  });
});

describe('what is no model', () => {
  it('is not recognized, by content', () => {
    expect(tfjsReader.recognizes(fileOf())).toBe(true);
    expect(tfjsReader.recognizes(encode('\n {"weightsManifest" : []}'))).toBe(true);
    expect(tfjsReader.recognizes(encode('{"name": "package"}'))).toBe(false);
    expect(tfjsReader.recognizes(encode('[{"weights": [], "paths": []}]'))).toBe(false);
    expect(tfjsReader.recognizes(new Uint8Array())).toBe(false);
    expect(createRegistry([tfjsPlugin]).readers).toEqual([tfjsReader]);
  });

  it.each([
    ['no JSON', '{"modelTopology": ', 'no valid JSON in 18 bytes: Unexpected end'],
    ['no object', '[]', 'expected an object'],
    ['weights alone', '{"weightsManifest": []}', 'no modelTopology'],
    ['nested too deep', `{"modelTopology": ${'['.repeat(1000)}`, 'nested deeper'],
    ['something else', '{"modelTopology": {}}', 'neither a configuration of layers nor a graph'],
    ['groups that are none', '{"modelTopology": {}, "weightsManifest": [1]}', 'a group of weights'],
  ])('is refused: %s', async (_, text, message) => {
    await expect(readFrom(encode(text))).rejects.toMatchObject(refused('FORMAT_INVALID', message));
  });
});

describe('damaged weights', () => {
  it('are refused where shards are too long or too short, or there are none', async () => {
    const message = 'bytes in 1 shards, expected 32';
    await expect(readFrom(fileOf(), data.slice(1))).rejects.toMatchObject(refused('FORMAT_INVALID', message));
    await expect(readFrom(fileOf(), new Uint8Array(33))).rejects.toMatchObject(
      refused('FORMAT_INVALID', message),
    );
    const none = { weightsManifest: [{ paths: [], weights: sound.weightSpecs }] };
    await expect(readFrom(fileOf(none))).rejects.toMatchObject(
      refused('FORMAT_INVALID', '0 shards, expected 32'),
    );
  });

  it('are refused where there is no folder, and as the folder says where a shard is missing', async () => {
    await expect(readTfjsModel(fileOf(), undefined)).rejects.toMatchObject(
      refused('FORMAT_INVALID', 'weights.bin'),
    );
    const missing = () => Promise.reject(new WhittleError('FILE_UNREADABLE', 'no such file'));
    await expect(readTfjsModel(fileOf(), missing)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  const changed = (change: Partial<Record<keyof TfjsWeightSpec, unknown>>) => () => {
    const [first, ...rest] = sound.weightSpecs as TfjsWeightSpec[];
    return { ...sound, weightSpecs: [{ ...first, ...change }, ...rest] };
  };
  const faults: readonly (readonly [string, () => TfjsArtifacts, string])[] = [
    ['a huge shape', changed({ shape: [2 ** 30, 2 ** 30] }), 'a weight of shape'],
    ['more than there is', changed({ shape: [3, 4] }), 'bytes of weights'],
    ['less than there is', changed({ shape: [3, 1] }), 'of which the weights take'],
    ['an unknown dtype', changed({ dtype: 'float8' }), 'dtype "float8"'],
    ['a negative extent', changed({ shape: [-3, -2] }), 'a weight of shape'],
    ['quantization without a scale', changed({ quantization: { dtype: 'uint8' } }), 'without scale and min'],
    ['an unknown layer', changed({ name: 'other/kernel' }), 'no layer of the model has'],
    [
      'a missing one',
      () => ({ ...sound, weightSpecs: sound.weightSpecs!.slice(1), weightData: data.slice(24) }),
      '1 of 2 missing: dense/kernel',
    ],
    [
      'one twice',
      () => ({
        ...sound,
        weightSpecs: [sound.weightSpecs![1], sound.weightSpecs![1]],
        weightData: data.slice(16),
      }),
      'two weights have this name',
    ],
    ['another shape than the layer needs', changed({ shape: [2, 3] }), 'dense'],
    ['texts beyond the end', changed({ dtype: 'string', shape: [2 ** 20] }), 'beyond the end'],
  ];
  it.each(faults)('are refused: %s', (_, artifacts, message) => {
    expect(() => readTfjsArtifacts(artifacts())).toThrow(thrown('FORMAT_INVALID', message));
  });
});

describe('damaged graphs', () => {
  const graphOf = (build: (graph: GraphBuilder) => string) => {
    const graph = new GraphBuilder();
    return graph.artifacts([build(graph)]);
  };
  it.each([
    ['a cycle', (g: GraphBuilder) => g.node('Relu', ['Relu']), 'reads its own result'],
    ['a node that is missing', (g: GraphBuilder) => g.node('Relu', ['gone']), 'not in the graph'],
    [
      'a result that is missing',
      (g: GraphBuilder) => g.node('Relu', [`${g.input([-1, 4])}:3`]),
      'no result 3',
    ],
    [
      'an input of huge extents',
      (g: GraphBuilder) => g.node('Relu', [g.input([-1, 2 ** 40])]),
      'an input of shape',
    ],
    [
      'a value of huge extents',
      (g: GraphBuilder) => g.node('Relu', [g.input([-1, 2 ** 21, 2 ** 21])]),
      'an input of shape',
    ],
    ['too few inputs', (g: GraphBuilder) => g.node('Add', [g.input([-1, 4])]), '1 inputs, expected more'],
  ] as const)('are refused: %s', (name, build, message) => {
    const read = () => readTfjsArtifacts(graphOf(build));
    if (name !== 'a value of huge extents') expect(read).toThrow(thrown('FORMAT_INVALID', message));
    else expect(read).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }) as Error);
  });

  it('are refused where a constant is not among the weights', () => {
    const { name, artifacts } = graphCases().find(({ name: each }) => each === 'conv same')!;
    expect(() => readTfjsArtifacts({ ...artifacts, weightSpecs: [], weightData: [] }), name).toThrow(
      thrown('FORMAT_INVALID', 'not among the weights'),
    );
  });

  it('as long as a file can be are read: a chain of nodes deeper than calls may be nested', () => {
    const chain = (g: GraphBuilder) =>
      Array.from({ length: 3000 }).reduce<string>(
        (x, _, i) => g.node('Relu', [x], {}, `n${i}_`),
        g.input([-1, 4]),
      );
    expect(readTfjsArtifacts(graphOf(chain)).nodes).toHaveLength(3000);
  });
});

describe('any damage', () => {
  it('gives an error with a code, or a model that is valid', async () => {
    const all = graphCases().map(({ artifacts }) => artifacts);
    for (const { model } of layersCases()) all.push(await artifactsOf(model));
    const codes = new Map<string, number>();
    all.forEach(({ weightData, ...described }, i) => {
      for (const damaged of mutations(described, 30, i)) {
        let code = 'none';
        try {
          verify(readTfjsArtifacts({ ...damaged, weightData }));
        } catch (error) {
          if (!isWhittleError(error)) throw error;
          code = error.code;
        }
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    });
    expect([...codes.keys()].sort()).toEqual(['FORMAT_INVALID', 'OP_UNSUPPORTED', 'SHAPE_OPEN', 'none']);
    expect(codes.get('FORMAT_INVALID')).toBeGreaterThan(2000);
  });
});
