import {
  batchMatmul,
  createRandom,
  depthToSpace,
  LoweringTable,
  mirrorPad,
  ModelBuilder,
  prelu,
  reduceMax,
  resizeBilinear,
  resizeNearest,
  sizeOf,
  slice,
  split,
  tensor,
  transpose,
  transposeConv2d,
} from '@whittle/core';
import type { Id, Model, OpDefinition, Quantization, RunCase, Tensor } from '@whittle/core';
import { int8Runtime } from '@whittle/int8';
import { expect, test } from 'vitest';
import { buildProgram } from '../build-program.js';
import { callsOf } from '../program.js';
import { hostRuntime } from '../runtimes.js';
import { kernelLowerings } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await hostRuntime.unavailable();
const lowerings = new LoweringTable(kernelLowerings);
const stream = createRandom(12).at('moving');
const q: Quantization = { scale: Float32Array.of(0.1), zeroPoint: Int32Array.of(-9) };
const weights: Quantization = { scale: Float32Array.of(0.02), zeroPoint: Int32Array.of(0) };

function draw(shape: readonly number[], quantization?: Quantization): Tensor<'int8'> {
  return tensor(
    'int8',
    shape,
    Int8Array.from({ length: sizeOf(shape) }, () => stream.int(256) - 128),
    quantization,
  );
}

function build(
  shapes: readonly (readonly number[])[],
  make: (b: ModelBuilder, inputs: readonly Id[]) => readonly Id[],
) {
  const builder = new ModelBuilder('moving');
  const ids = shapes.map((shape, i) => builder.input(`x${i}`, shape, { dtype: 'int8', quantization: q }));
  make(builder, ids).forEach((id) => builder.output(id));
  return builder.finish();
}

const one = <A>(op: OpDefinition<A>, attributes: A, ...shapes: readonly (readonly number[])[]): Model =>
  build(shapes, (b, ids) => [b.node('y', op, attributes, ids, { quantization: [q] })]);

const range = (axis: number, start: number, size: number, step = 1) => ({ axis, start, size, step });
const margins = (...list: readonly number[]): [number, number][] =>
  Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]]);
const large = { alignCorners: false, halfPixelCenters: true };

function transposed(
  image: readonly number[],
  outputSize: [number, number],
  strides: [number, number],
): Model {
  return build([image], (b, [x]) => [
    b.node(
      'y',
      transposeConv2d,
      { strides, padding: 'same', outputSize, activation: 'relu6' },
      [x, b.parameter('w', draw([3, 3, image[3], 5], weights), 'weight')],
      { quantization: [q] },
    ),
  ]);
}

/** First extents of more than 1, many axes, constants and computed operands where networks have the other. */
const models: Record<string, Model> = {
  'mirrored along every axis': one(
    mirrorPad,
    { paddings: margins(1, 1, 2, 0, 0, 3, 1, 2), mode: 'symmetric' },
    [2, 3, 4, 3],
  ),
  'mirrored, five axes': one(
    mirrorPad,
    { paddings: margins(0, 0, 1, 1, 0, 0, 2, 1, 1, 0), mode: 'reflect' },
    [2, 3, 2, 4, 3],
  ),
  'sliced along every axis': one(
    slice,
    { ranges: [range(0, 1, 2, -1), range(1, 0, 2, 3), range(2, 4, 2, -2)] },
    [2, 5, 5, 3],
  ),
  'a slice of all': one(slice, { ranges: [] }, [2, 5, 3]),
  'five axes turned around': one(transpose, { permutation: [4, 3, 2, 1, 0] }, [2, 3, 4, 2, 3]),
  'two images to blocks': one(depthToSpace, { blockSize: 2 }, [2, 3, 2, 12]),
  'two images enlarged': one(resizeNearest, { size: [7, 5], ...large }, [2, 3, 4, 3]),
  'two images enlarged, bilinear': one(resizeBilinear, { size: [7, 5], ...large }, [2, 3, 4, 3]),
  'two images, transposed convolution': transposed([2, 4, 3, 6], [8, 6], [2, 2]),
  'strides of 3 and 1, odd': transposed([2, 3, 5, 3], [7, 5], [3, 1]),
  'strides beyond the kernel': transposed([1, 2, 2, 3], [10, 9], [5, 5]),
  'the largest of the outer and the third axis': one(
    reduceMax,
    { axes: [1, 3], keepDims: false },
    [2, 3, 4, 5, 3],
  ),
  'slopes that are computed': one(prelu, {}, [2, 3, 4], [3, 1]),
  'matrices of several axes': one(
    batchMatmul,
    { transposeA: true, transposeB: false },
    [2, 1, 3, 5, 4],
    [1, 2, 1, 5, 9],
  ),
  'split along the first axis, a part unused': build([[5, 3]], (b, [x]) => {
    const options = { quantization: [q, q, q] };
    return b.results(['a', 'b', 'c'], split, { axis: 0, sizes: [1, 3, 1] }, [x], options).slice(1);
  }),
  'parts that go on': build([[1, 4, 6]], (b, [x]) => {
    const options = { quantization: [q, q] };
    const [left, right] = b.results(['left', 'right'], split, { axis: 2, sizes: [3, 3] }, [x], options);
    const turned = b.node('turned', transpose, { permutation: [0, 2, 1] }, [left], options);
    return [b.node('y', batchMatmul, { transposeA: false, transposeB: false }, [turned, right], options)];
  }),
};

test.skipIf(missing !== undefined)(`moves and products are exact (${missing ?? 'all there'})`, async () => {
  const cases = Object.values(models).map((model): RunCase => {
    const inputs = [1, 2].map(() =>
      model.inputs.map(({ id }) => draw(model.values.get(id)!.shape as number[])),
    );
    return { model, inputs };
  });
  const context = { lowerings, toTflite: () => Promise.reject(new Error('none')) };
  const [expected, found] = [await int8Runtime.run(cases, context), await hostRuntime.run(cases, context)];
  Object.keys(models).forEach((name, i) => {
    const data = (outputs: readonly (readonly Tensor[])[]) =>
      outputs.map((all) => all.map((each) => [...each.data]));
    expect(data(found[i].outputs), name).toEqual(data(expected[i].outputs));
  });
});

test('strides of one are one convolution that writes where it should', async () => {
  const { steps } = await buildProgram(transposed([1, 4, 4, 3], [4, 4], [1, 1]), lowerings);
  const names = callsOf(steps[0]).map(({ kernel }) => kernel.name);
  expect(names).toEqual(['whittle_conv_2d_s8', 'whittle_clamp_s8']);
});

test('a transposed convolution keeps the size of its weights', async () => {
  const program = await buildProgram(transposed([1, 4, 4, 3], [8, 8], [2, 2]), lowerings);
  const bytes = program.constants.filter(({ data }) => data instanceof Int8Array && data.length >= 15);
  expect(bytes.reduce((sum, { data }) => sum + data.length, 0)).toBe(3 * 3 * 3 * 5);
});
