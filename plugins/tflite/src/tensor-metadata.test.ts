import { describe, expect, it } from 'vitest';
import { LoweringTable, ModelBuilder, averagePool2d, concat, float32, interpret } from '@whittle/core';
import type { Model, Preprocess } from '@whittle/core';
import { createLiteRtRuntime, tflmRuntime } from '@whittle/testkit';
import {
  METADATA_ENTRY,
  appendFiles,
  appendedFiles,
  metadataSchema as m,
  readModelMetadata,
  readTflite,
  schema,
  writeModelMetadata,
  writeTflite,
} from '@whittle/tflite-schema';
import { emitTflite, readTfliteModel } from './index.js';

const judged = (await tflmRuntime.unavailable()) === undefined || process.env.CI === 'true';
const photo: Preprocess = { layout: 'NHWC', range: [0, 255], mean: [127.5, 120, 0.25], scale: [127.5] };

/** An image in, its mean color and twice that out. */
function colors(preprocess: Preprocess | undefined, labels?: readonly string[]): Model {
  const build = new ModelBuilder('colors');
  const x = build.input('image', ['batch', 4, 4, 3], preprocess && { preprocess });
  const pool = { size: [4, 4], strides: [1, 1], padding: 'valid', activation: 'none' } as const;
  const y = build.node('color', averagePool2d, { ...pool, size: [4, 4], strides: [1, 1] }, [x]);
  build.output(y, labels && { labels });
  build.output(build.node('twice', concat, { axis: 3 }, [y, y]));
  return build.finish();
}

const metadataOf = (bytes: Uint8Array) => {
  const file = readTflite(bytes);
  const entry = file.metadata.find(({ name }) => name === METADATA_ENTRY)!;
  return readModelMetadata(file.buffers[entry.buffer]);
};

describe('TFLite Metadata', () => {
  const model = colors(photo, ['red', 'green', 'blue']);

  it('says what inputs and outputs mean, with label files behind the model', async () => {
    const bytes = await emitTflite(model);
    const { name, minParserVersion, subgraphMetadata } = metadataOf(bytes);
    expect({ name, minParserVersion }).toEqual({ name: 'colors', minParserVersion: '1.0.0' });
    const [{ inputTensorMetadata: inputs, outputTensorMetadata: outputs }] = subgraphMetadata;
    expect(inputs).toMatchObject([
      {
        name: 'image',
        content: { contentProperties: { colorSpace: m.ColorSpaceType.RGB } },
        processUnits: [{ options: { mean: [127.5, 120, 0.25], std: [127.5] } }],
        stats: { min: [0], max: [255] },
      },
    ]);
    expect(outputs.map((tensor) => [tensor.name, tensor.associatedFiles.map((file) => file.name)])).toEqual([
      ['color', ['labels.txt']],
      ['twice', []],
    ]);
    const [labels] = appendedFiles(bytes, ['labels.txt']).values();
    expect(new TextDecoder().decode(labels)).toBe('red\ngreen\nblue');
    expect(readTflite(bytes).metadata).toHaveLength(1);
    expect(readTfliteModel(bytes)).toEqual(model);
    expect(await emitTflite(readTfliteModel(bytes))).toEqual(bytes);
    expect(readTflite(await emitTflite(colors(undefined))).metadata).toEqual([]);
  });

  it.each([
    ['means that are no float32', { ...photo, mean: [123.675, 116.28, 103.53] }, undefined],
    ['a layout that the shape does not tell', { ...photo, layout: 'NC' as const }, undefined],
    ['labels with line breaks', undefined, ['a\nb', '', '\n']],
    ['labels that are not as many as channels', photo, ['one']],
    ['empty labels', photo, ['', '', '']],
  ])('%s come back too', async (_, preprocess, labels) => {
    const odd = colors(preprocess, labels);
    const bytes = await emitTflite(odd);
    expect(readTflite(bytes).metadata).toHaveLength(2 - Number(labels?.every((label) => label === '') ?? 0));
    expect(readTfliteModel(bytes)).toEqual(odd);
  });

  it.skipIf(!judged)('does not keep runtimes from running the model', async () => {
    const bytes = await emitTflite(model);
    const image = float32(
      [1, 4, 4, 3],
      Float32Array.from({ length: 48 }, (_, i) => i),
    );
    const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
    const expected = interpret(model, new Map([['image', image]])).get('twice')!;
    for (const runtime of [tflmRuntime, createLiteRtRuntime()]) {
      const [{ outputs }] = await runtime.run([{ model, inputs: [[image]] }], context);
      expect(outputs[0][1].data).toEqual(expected.data);
    }
  });
});

describe('metadata of other tools', () => {
  /** The model with metadata of one input and two outputs. */
  async function modelWith(
    change: (input: m.TensorMetadataT, output: m.TensorMetadataT) => void,
    files: Record<string, string> = {},
  ): Promise<Model> {
    const file = readTflite(await emitTflite(colors(undefined)));
    const [input, output] = [new m.TensorMetadataT(), new m.TensorMetadataT()];
    change(input, output);
    const metadata = new m.ModelMetadataT();
    metadata.subgraphMetadata = [
      new m.SubGraphMetadataT(null, null, [input], [output, new m.TensorMetadataT()]),
    ];
    file.metadata.push(
      new schema.MetadataT(METADATA_ENTRY, file.buffers.push(writeModelMetadata(metadata)) - 1),
    );
    const encoded = Object.entries(files).map(([n, text]) => [n, new TextEncoder().encode(text)] as const);
    return readTfliteModel(appendFiles(writeTflite(file), new Map(encoded)));
  }
  const normalized = (tensor: m.TensorMetadataT, mean: number[], std: number[]) => {
    const { ScoreThresholdingOptions, NormalizationOptions } = m.ProcessUnitOptions;
    tensor.processUnits = [
      new m.ProcessUnitT(ScoreThresholdingOptions, new m.ScoreThresholdingOptionsT(0.5)),
      new m.ProcessUnitT(NormalizationOptions, new m.NormalizationOptionsT(mean, std)),
    ];
  };
  const labelled = (tensor: m.TensorMetadataT) => {
    const { DESCRIPTIONS, TENSOR_AXIS_LABELS } = m.AssociatedFileType;
    tensor.associatedFiles = [
      new m.AssociatedFileT('readme', null, DESCRIPTIONS),
      new m.AssociatedFileT('names', null, TENSOR_AXIS_LABELS),
      new m.AssociatedFileT('names_de', null, TENSOR_AXIS_LABELS, 'de'),
    ];
  };

  it('normalizes images of 0 to 255 unless it says otherwise', async () => {
    const image = new m.ContentT(m.ContentProperties.ImageProperties, new m.ImagePropertiesT());
    const plain = await modelWith((input) => {
      normalized(input, [128], [64]);
      input.content = image;
    });
    expect(plain.inputs[0].preprocess).toEqual({ layout: 'NHWC', range: [0, 255], mean: [128], scale: [64] });
    const told = await modelWith((input) => {
      normalized(input, [1, 2, 3], [4, 5, 6]);
      input.stats = new m.StatsT([1, 2, 1], [-1, -1, -3]);
    });
    expect(told.inputs[0].preprocess).toMatchObject({ range: [-3, 2], mean: [1, 2, 3], scale: [4, 5, 6] });
    for (const [mean, std] of [
      [[1], [0]],
      [[1, 2], [1]],
      [[NaN], [1]],
    ]) {
      const odd = await modelWith((input) => {
        normalized(input, mean, std);
        input.content = image;
      });
      expect(odd.inputs[0].preprocess).toBeUndefined();
    }
    const unknown = await modelWith((input) => normalized(input, [0], [1]));
    expect(unknown.inputs[0].preprocess).toBeUndefined();
  });

  it('names classes, one a line', async () => {
    const files = { readme: 'x\ny\nz', names: 'red\r\ngreen\r\nblue\r\n', names_de: 'rot\ngrün\nblau' };
    const labels = async (texts: Record<string, string>) =>
      (await modelWith((_, output) => labelled(output), texts)).outputs[0].labels;
    expect(await labels(files)).toEqual(['red', 'green', 'blue']);
    expect(await labels({ names: 'red\ngreen' })).toBeUndefined();
    expect(await labels({})).toBeUndefined();
  });

  it('is refused with a code where it is damaged', async () => {
    const bytes = await emitTflite(colors(photo, ['red', 'green', 'blue']));
    const file = readTflite(bytes);
    const metadata = file.buffers[file.metadata[0].buffer];
    const start = metadata.byteOffset - bytes.byteOffset;
    let refused = 0;
    for (let at = start; at < start + metadata.length; at++) {
      const changed = bytes.slice();
      changed[at] ^= 0x55;
      try {
        readTfliteModel(changed);
      } catch (error) {
        expect(error).toEqual(expect.objectContaining({ code: 'FORMAT_INVALID' }));
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
