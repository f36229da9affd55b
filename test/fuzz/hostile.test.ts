import { describe, expect, it } from 'vitest';
import { kerasFiles } from './hostile/keras-files.js';
import { onnxFiles } from './hostile/onnx-files.js';
import { tfjsFiles } from './hostile/tfjs-files.js';
import { tfliteFiles } from './hostile/tflite-files.js';
import { whittleFiles } from './hostile/whittle-files.js';
import { readHostile } from './read-hostile.js';

const formats = {
  keras: kerasFiles,
  onnx: onnxFiles,
  tfjs: tfjsFiles,
  tflite: tfliteFiles,
  whittle: whittleFiles,
};

describe.each(Object.entries(formats))('files of %s that are made to do harm', (_, cases) => {
  it('are refused with codes, or read, in 5 s and bounded memory, and nothing is read or made elsewhere', async () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const expected = cases.map(({ name, outcome }) => [name, outcome]);
    expect(Object.fromEntries(await readHostile(cases))).toEqual(Object.fromEntries(expected));
  }, 240_000);
});
