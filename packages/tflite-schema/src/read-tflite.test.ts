import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Builder } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import { createRandom, isWhittleError } from '@whittle/core';
import { dumpTflite } from './dump-tflite.js';
import { Buffer as TfliteBuffer, Model, Operator, SubGraph } from './generated/tflite.js';
import { readTflite } from './read-tflite.js';
import { constantOf } from './tensor-data.js';
import type { TfliteModel } from './tflite-model.js';
import { writeTflite } from './write-tflite.js';

const models = fileURLToPath(new URL('../../../../shared/models/mlperf-tiny', import.meta.url));
const names = ['ic_resnet8', 'kws_dscnn', 'ad_autoencoder'].flatMap((name) => [
  `${name}_int8`,
  `${name}_float`,
]);
const load = (name: string) => new Uint8Array(readFileSync(`${models}/${name}.tflite`));

/** Everything that a reader does with a file. */
function readAll(bytes: Uint8Array): TfliteModel {
  const model = readTflite(bytes);
  for (const subgraph of model.subgraphs) for (const tensor of subgraph.tensors) constantOf(model, tensor);
  dumpTflite(bytes);
  return model;
}

/** The bytes are read, or refused with a code: nothing else. */
function expectReadOrRefused(bytes: Uint8Array): 'read' | 'refused' {
  try {
    readAll(bytes);
    return 'read';
  } catch (error) {
    if (!isWhittleError(error, 'FORMAT_INVALID')) throw error;
    return 'refused';
  }
}

describe.skipIf(!existsSync(models))('MLPerf Tiny models', () => {
  it.each(names)('%s: what is written again reads the same, and repeats byte for byte', (name) => {
    const bytes = load(name);
    const model = readAll(bytes);
    const written = writeTflite(model);
    expect(isDeepStrictEqual(readTflite(written), model)).toBe(true);
    expect(isDeepStrictEqual(writeTflite(readTflite(written)), written)).toBe(true);
    expect(written.length).toBeLessThanOrEqual(bytes.length);
  });

  it('reads the weights of ResNet-8 with their quantization', () => {
    const model = readTflite(load('ic_resnet8_int8'));
    const [{ tensors, operators }] = model.subgraphs;
    const weight = constantOf(model, tensors[operators[0].inputs[1]]);
    expect(weight).toMatchObject({ dtype: 'int8', shape: [16, 3, 3, 3], quantization: { axis: 0 } });
    expect(weight?.quantization?.scale).toHaveLength(16);
    expect(Math.max(...Array.from(weight!.data, Number).map(Math.abs))).toBe(127);
    expect(constantOf(model, tensors[operators[0].outputs[0]])).toBeUndefined();
  });

  it('refuses every truncation', () => {
    const bytes = writeTflite(readTflite(load('kws_dscnn_int8')));
    for (let length = 0; length < bytes.length; length += length < 2048 ? 1 : 331)
      expect(expectReadOrRefused(bytes.slice(0, length)), `${length} bytes`).toBe('refused');
  });

  it('reads or refuses damaged files, whatever bits are flipped', () => {
    const bytes = load('kws_dscnn_int8');
    const draw = createRandom(20).at('bit flips');
    const counts = { read: 0, refused: 0 };
    for (let i = 0; i < 1500; i++) {
      const damaged = bytes.slice();
      // The tables lie at the end and the start: weights in between can't be wrong.
      const at = draw.int(2) === 0 ? draw.int(4096) : bytes.length - 1 - draw.int(24000);
      for (let flips = draw.int(4); flips >= 0; flips--)
        damaged[(at + flips) % bytes.length] ^= 1 << draw.int(8);
      counts[expectReadOrRefused(damaged)]++;
    }
    expect(counts.refused).toBeGreaterThan(100);
    expect(counts.read).toBeGreaterThan(100);
  });
});

describe('hostile files', () => {
  it('refuses what is no .tflite, and says what it found', () => {
    expect(() => readTflite(new Uint8Array(3))).toThrow('3 bytes are too few');
    expect(() => readTflite(new TextEncoder().encode('PK\u0003\u0004 a zip archive'))).toThrow(
      'expected "TFL3"',
    );
  });

  it('refuses a file that unfolds to many times its size', () => {
    const builder = new Builder(1 << 20);
    const many = (offset: number) => new Array<number>(60_000).fill(offset);
    Operator.startOperator(builder);
    const operators = SubGraph.createOperatorsVector(builder, many(Operator.endOperator(builder)));
    SubGraph.startSubGraph(builder);
    SubGraph.addOperators(builder, operators);
    const subgraphs = Model.createSubgraphsVector(builder, many(SubGraph.endSubGraph(builder)));
    Model.startModel(builder);
    Model.addSubgraphs(builder, subgraphs);
    Model.finishModelBuffer(builder, Model.endModel(builder));
    expect(expectReadOrRefused(builder.asUint8Array())).toBe('refused');
  });

  it('finds a buffer that lies behind the flatbuffer, and refuses one that lies behind the file', () => {
    const build = (offset: bigint, size: bigint) => {
      const builder = new Builder(256);
      TfliteBuffer.startBuffer(builder);
      TfliteBuffer.addOffset(builder, offset);
      TfliteBuffer.addSize(builder, size);
      const buffers = Model.createBuffersVector(builder, [TfliteBuffer.endBuffer(builder)]);
      Model.startModel(builder);
      Model.addBuffers(builder, buffers);
      Model.finishModelBuffer(builder, Model.endModel(builder));
      return builder.asUint8Array().slice();
    };
    const { length } = build(2n, 4n);
    const bytes = Uint8Array.of(...build(BigInt(length), 4n), 1, 2, 3, 4);
    expect(readTflite(bytes).buffers).toEqual([Uint8Array.of(1, 2, 3, 4)]);
    expect(() => readTflite(bytes.slice(0, -1))).toThrow(`buffer 0 lies at ${length}, 4 bytes`);
    expect(expectReadOrRefused(build(2n ** 64n - 2n, 4n))).toBe('refused');
  });
});
