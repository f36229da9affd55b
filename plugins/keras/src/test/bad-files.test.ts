import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isWhittleError } from '@whittle/core';
import { kerasReader, readKerasModel } from '../index.js';
import { mutations } from './mutations.fixture.js';

const fileOf = (name: string) => new Uint8Array(readFileSync(new URL(`./keras2/${name}`, import.meta.url)));
const members = unzipSync(fileOf('sequential.keras'));
const config = JSON.parse(new TextDecoder().decode(members['config.json'])) as KerasConfig;

interface KerasLayer {
  module?: string | null;
  class_name: string;
  registered_name?: string | null;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}
interface KerasConfig {
  class_name: string;
  config: Record<string, unknown> & { layers: KerasLayer[] };
}

/** The archive with another configuration. */
function archive(change: (config: KerasConfig) => void): Uint8Array {
  const changed = structuredClone(config);
  change(changed);
  return zipSync({ ...members, 'config.json': new TextEncoder().encode(JSON.stringify(changed)) });
}

/** The archive with another unpacked size of the weights in its directory. */
function sizeClaimed(size: number): Uint8Array {
  const bytes = zipSync(members, { level: 9 });
  const entry = bytes.findIndex(
    (byte, at) =>
      byte === 0x50 &&
      bytes[at + 1] === 0x4b &&
      bytes[at + 2] === 1 &&
      bytes[at + 3] === 2 &&
      new TextDecoder().decode(bytes.subarray(at + 46, at + 62)) === 'model.weights.h5',
  );
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(entry + 24, size, true);
  return bytes;
}

const layerOf = (changed: KerasConfig, className: string) =>
  changed.config.layers.find((layer) => layer.class_name === className)!;
const refused = (code: string, message: string) => ({
  code,
  message: expect.stringContaining(message) as string,
});

describe('what is no model', () => {
  it('is not recognized, by content', () => {
    expect(kerasReader.recognizes(fileOf('sequential.h5'))).toBe(true);
    expect(kerasReader.recognizes(fileOf('sequential.keras'))).toBe(true);
    expect(kerasReader.recognizes(zipSync({ 'config.json': new Uint8Array(2) }))).toBe(false);
    expect(kerasReader.recognizes(new TextEncoder().encode('PK, or not'))).toBe(false);
    expect(kerasReader.recognizes(new Uint8Array())).toBe(false);
  });

  it('weights alone are refused', () => {
    expect(() => readKerasModel(members['model.weights.h5'])).toThrow(
      expect.objectContaining(refused('FORMAT_INVALID', 'weights without a model')),
    );
  });
});

describe('files that are cut off', () => {
  it.each([
    ['sequential.h5', /^HDF5: \d+ bytes, expected \d+: the file was cut off$/],
    [
      'sequential.keras',
      /^Keras: archive: expected a directory of members at the end of \d+ bytes, found none: the file is cut off/,
    ],
  ])('are recognized, and what is missing is told: %s', (name, message) => {
    const whole = fileOf(name);
    const bytes = whole.subarray(0, Math.floor(0.8 * whole.length));
    expect(kerasReader.recognizes(bytes)).toBe(true);
    expect(() => readKerasModel(bytes)).toThrow(
      expect.objectContaining({ code: 'FORMAT_INVALID', message: expect.stringMatching(message) as string }),
    );
  });

  it('tell the byte where something is missing', () => {
    expect(() => readKerasModel(fileOf('sequential.h5').subarray(0, 44))).toThrow(
      'expected 8 bytes at byte 40 of 44, found 4',
    );
  });
});

describe('names', () => {
  const namesOf = (ends: readonly { readonly id: string; readonly name?: string }[]) =>
    ends.map(({ id, name = id }) => name);

  it('of inputs and outputs are those of their layers', () => {
    const model = readKerasModel(fileOf('functional.keras'));
    expect(namesOf(model.inputs)).toEqual(['x', 'y']);
    expect(namesOf(model.outputs)).toEqual(['concatenate', 'multiply']);
  });

  it('are kept where nothing is left of an output’s layer', () => {
    const bytes = archive((c) => {
      const dropout = layerOf(c, 'Dropout');
      c.config.layers.push({ ...dropout, config: { ...dropout.config, name: 'scores' } });
    });
    const { outputs } = readKerasModel(bytes);
    expect(outputs).toMatchObject([{ id: 'dense', name: 'scores' }]);
  });
});

describe('layers that cannot be read', () => {
  it('come before shapes that are to be told', () => {
    const bytes = archive((c) => {
      layerOf(c, 'InputLayer').config.batch_input_shape = [null, null, null, 2];
      layerOf(c, 'Dropout').class_name = 'Mystery';
    });
    expect(() => readKerasModel(bytes)).toThrow(
      expect.objectContaining({
        ...refused('OP_UNSUPPORTED', 'Mystery'),
        problems: [
          expect.objectContaining({ code: 'OP_UNSUPPORTED' }),
          expect.objectContaining({ code: 'SHAPE_OPEN' }),
        ],
      }),
    );
  });

  it('are named all at once, and code is never run', () => {
    const bytes = archive((changed) => {
      Object.assign(layerOf(changed, 'LeakyReLU'), {
        class_name: 'Lambda',
        config: { name: 'mine', function: {} },
      });
      Object.assign(layerOf(changed, 'Dropout'), { class_name: 'Dropout', module: 'my.module' });
      layerOf(changed, 'SeparableConv2D').config.activation = 'my_activation';
    });
    let thrown: unknown;
    try {
      readKerasModel(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(
      isWhittleError(thrown, 'OP_UNSUPPORTED') && thrown.problems?.map(({ message }) => message),
    ).toEqual([
      expect.stringContaining('activation "my_activation"'),
      expect.stringContaining('mine: a Lambda layer holds code'),
      expect.stringContaining("a layer of class Dropout, which is not one of Keras'"),
    ]);
  });

  it.each<readonly [string, (changed: KerasConfig) => void, string]>([
    ['a model of one’s own', (c) => (c.class_name = 'MyModel'), 'a model of class MyModel'],
    ['a batch norm over rows', (c) => (layerOf(c, 'BatchNormalization').config.axis = [2]), 'over axis 2'],
  ])('%s', (_, change, message) => {
    expect(() => readKerasModel(archive(change))).toThrow(
      expect.objectContaining(refused('OP_UNSUPPORTED', message)),
    );
  });

  it('open extents may be told', () => {
    const bytes = archive((c) => (layerOf(c, 'InputLayer').config.batch_input_shape = [null, null, null, 2]));
    expect(() => readKerasModel(bytes)).toThrow(
      expect.objectContaining(refused('SHAPE_OPEN', "'conv1_input' [?, ?, ?, 2] (axes 1, 2)")),
    );
    const model = readKerasModel(bytes, { shapes: new Map([['conv1_input', ['batch', 6, 6, 2]]]) });
    expect(model.values.get('conv1_input')?.shape).toEqual(['batch', 6, 6, 2]);
  });
});

describe('a configuration that contradicts itself is refused', () => {
  const nested = (depth: number): KerasConfig => ({
    class_name: 'Sequential',
    config: { name: `m${depth}`, layers: depth === 0 ? [] : [nested(depth - 1) as unknown as KerasLayer] },
  });
  it.each<readonly [string, (changed: KerasConfig) => void]>([
    ['a choice that is neither', (c) => (layerOf(c, 'Dense').config.use_bias = 'yes')],
    ['an input of no extent', (c) => (layerOf(c, 'InputLayer').config.batch_input_shape = [null, 0, 6, 2])],
    [
      'an input of a billion',
      (c) => (layerOf(c, 'InputLayer').config.batch_input_shape = [null, 1e9, 1e9, 2]),
    ],
    ['a stride of zero', (c) => (layerOf(c, 'Conv2D').config.strides = [0, 1])],
    ['layers of one name', (c) => (layerOf(c, 'Dense').config.name = 'conv1')],
    ['no layers', (c) => (c.config.layers = [])],
    ['models in models', (c) => Object.assign(c, nested(100))],
    ['a layer that is a number', (c) => ((c.config.layers as unknown[])[1] = 3)],
    [
      'an input of another width',
      (c) => (layerOf(c, 'InputLayer').config.batch_input_shape = [null, 6, 6, 3]),
    ],
  ])('%s', (_, change) => {
    expect(() => readKerasModel(archive(change))).toThrow(
      expect.objectContaining({ code: 'FORMAT_INVALID' }),
    );
  });

  it('a layer that reads itself', () => {
    const bytes = archive((changed) => {
      const layers = changed.config.layers.map((layer) => {
        const name = layer.config.name as string;
        return { ...layer, name, inbound_nodes: [[[name, 0, 0, {}]]] };
      });
      const [first, last] = [layers[0].name, layers[1].name];
      const ends = { input_layers: [[first, 0, 0]], output_layers: [[last, 0, 0]] };
      Object.assign(changed, { class_name: 'Functional', config: { name: 'm', layers, ...ends } });
    });
    expect(() => readKerasModel(bytes)).toThrow(
      expect.objectContaining(refused('FORMAT_INVALID', 'its own result')),
    );
  });
});

describe('archives', () => {
  it('that unpack to much more than they are, are not unpacked', () => {
    const bytes = sizeClaimed(1 << 30);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readKerasModel(bytes)).toThrow(
      expect.objectContaining(refused('FORMAT_INVALID', 'bytes unpacked')),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
  });

  it('that say less than they hold are not unpacked beyond it', () => {
    expect(() => readKerasModel(sizeClaimed(1000))).toThrow(
      expect.objectContaining({ code: 'FORMAT_INVALID' }),
    );
  });

  it('whose other members have paths for names are read like any', () => {
    const bytes = zipSync({
      ...members,
      '../../outside.txt': new Uint8Array(10),
      '/etc/x': new Uint8Array(1),
    });
    expect(readKerasModel(bytes).name).toBe('sequential');
  });

  it('without weights are refused', () => {
    const bytes = zipSync({ 'config.json': members['config.json'] });
    expect(() => readKerasModel(bytes)).toThrow(expect.objectContaining({ code: 'FORMAT_INVALID' }));
  });
});

describe('damaged files give codes, nothing else', () => {
  const stored = zipSync(unzipSync(fileOf('functional.keras')), { level: 0 });
  it.each([
    ['functional.h5', fileOf('functional.h5')],
    ['functional.keras, stored', stored],
    ['recurrent.keras, deflated', fileOf('recurrent.keras')],
  ])('%s', (_, bytes) => {
    const found = new Map<string, number>();
    for (const damaged of mutations(bytes, 400, 5)) {
      let outcome = 'read';
      try {
        readKerasModel(damaged);
      } catch (error) {
        outcome = isWhittleError(error) ? error.code : String(error);
      }
      found.set(outcome, (found.get(outcome) ?? 0) + 1);
    }
    const codes = ['read', 'FORMAT_INVALID', 'OP_UNSUPPORTED', 'SHAPE_OPEN'];
    expect([...found.keys()].filter((outcome) => !codes.includes(outcome))).toEqual([]);
    expect(found.get('FORMAT_INVALID')).toBeGreaterThan(100);
  });
});
