import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { float32, ModelBuilder, relu, saveModel } from '@whittle/core';
import { axesInFile } from './file-axes.js';
import { jsonOf, runMain, temporaryFolder, writeNpy } from './whittle.fixture.js';

const preprocess = { layout: 'NHWC', range: [0, 255], mean: [127.5], scale: [127.5] } as const;

/** A model as the reader of ONNX gives it, of an image with channels first in its file. */
function imageModel() {
  const build = new ModelBuilder('image');
  const x = build.input('x', [1, 4, 6, 3], { name: 'image', preprocess });
  build.output(build.node('y', relu, {}, [x]), { name: 'scores' });
  build.metadata({ 'onnx/axes/x': '0,2,3,1', 'onnx/batch': '1' });
  return build.finish();
}

function writeImageModel(folder: string): string {
  const path = join(folder, 'image.whittle');
  writeFileSync(path, saveModel(imageModel()));
  return path;
}

it('tells names, ids, the file’s axes and the metadata', async () => {
  const path = writeImageModel(temporaryFolder());
  expect(jsonOf(await runMain('inspect', path, '--json'))).toMatchObject({
    inputs: [
      {
        name: 'image',
        id: 'x',
        shape: [1, 4, 6, 3],
        file: { axes: [0, 2, 3, 1], shape: [1, 3, 4, 6] },
        preprocess,
      },
    ],
    outputs: [{ name: 'scores', id: 'y' }],
    metadata: { 'onnx/axes/x': '0,2,3,1', 'onnx/batch': '1' },
  });
  const { out } = await runMain('inspect', path);
  for (const part of [
    'image: float32[1, 4, 6, 3], in the model x, NHWC; in the file [1, 3, 4, 6], NCHW',
    'of raw NHWC values 0 to 255: (raw - 127.5) / 127.5',
    'scores: float32[1, 4, 6, 3], in the model y',
    'onnx/batch',
    'FLOPs with activations',
  ])
    expect(out).toContain(part);
});

it('an input in the file’s order is refused with what to do', async () => {
  const folder = temporaryFolder();
  const path = writeImageModel(folder);
  for (const shape of [
    [1, 3, 4, 6],
    [3, 4, 6],
    [7, 3, 4, 6],
  ]) {
    const file = writeNpy(join(folder, 'x.npy'), float32(shape));
    const { err } = await runMain('run', path, '--on', 'float', '--input', file);
    expect(err).toContain('error SHAPE_MISMATCH');
    expect(err).toContain('the file has axes NCHW, the model NHWC');
  }
  const other = writeNpy(join(folder, 'x.npy'), float32([5, 5]));
  expect((await runMain('run', path, '--on', 'float', '--input', other)).err).not.toContain('NCHW');
});

it('axes that are no permutation say nothing', () => {
  const model = imageModel();
  const noted = (axes: string) => axesInFile({ ...model, metadata: { 'onnx/axes/x': axes } }, 'x');
  expect(noted('0,2,1,3')?.shape).toEqual([1, 6, 4, 3]);
  for (const axes of ['0,1', '0,0,1,2', 'a,b,c,d', '0,2,3,-1']) expect(noted(axes)).toBeUndefined();
});
