import {
  averagePool2d,
  batchMatmul,
  conv2d,
  defineOp,
  dense,
  isWhittleError,
  LoweringTable,
  ModelBuilder,
  relu,
  resizeNearest,
  slice,
  tensor,
} from '@whittle/core';
import type { Id, Model, OpDefinition, Quantization } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { projectBackends } from './backends.js';
import { kernelLowerings } from './lowerings/index.js';

const lowerings = new LoweringTable(kernelLowerings);
const q = (scale: number, zeroPoint = 0): Quantization => ({
  scale: Float32Array.of(scale),
  zeroPoint: Int32Array.of(zeroPoint),
});
const as = (quantization: Quantization) => ({ quantization: [quantization] });

/** What a C project of the model fails with, the same for every target. */
async function failure(model: Model) {
  const failures = await Promise.all(
    projectBackends.map(({ emit }) =>
      emit(model, { lowerings, options: {} }).then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  );
  const [first] = failures;
  if (!isWhittleError(first)) throw new Error(`expected an error with a code, found ${String(first)}`);
  for (const other of failures) expect(other).toMatchObject({ code: first.code, message: first.message });
  return first;
}

function build(make: (builder: ModelBuilder, x: Id) => Id, input = q(0.1), shape = [1, 4, 4, 2]): Model {
  const builder = new ModelBuilder('bad');
  builder.output(make(builder, builder.input('x', shape, { dtype: 'int8', quantization: input })));
  return builder.finish();
}

const window = {
  strides: [1, 1],
  dilations: [1, 1],
  padding: 'same',
  activation: 'none',
  groups: 1,
} as const;
function convolve(
  builder: ModelBuilder,
  x: Id,
  id: Id,
  weight: Quantization,
  bias: number,
  output = q(0.2),
): Id {
  const operands = [
    x,
    builder.parameter(`${id}/weight`, tensor('int8', [1, 1, 2, 2], [1, 2, 3, 4], weight), 'weight'),
    builder.parameter(`${id}/bias`, tensor('int32', [2], [bias, 0]), 'bias'),
  ];
  return builder.node(id, conv2d, { ...window, strides: [1, 1], dilations: [1, 1] }, operands, as(output));
}

test('all layers that a target lacks are named at once, whatever they lack', async () => {
  const foreign = defineOp<object>({ ...(relu as OpDefinition), name: 'foreign' });
  const model = build((b, x) => {
    const strange = b.node('strange', foreign, {}, [x], as(q(0.1)));
    const margins = { top: 2, bottom: 0, left: 0, right: 0 };
    const pool = { size: [3, 3], strides: [1, 1], padding: margins, activation: 'none' } as const;
    const pooled = b.node(
      'pooled',
      averagePool2d,
      { ...pool, size: [3, 3], strides: [1, 1] },
      [strange],
      as(q(0.1)),
    );
    const cropped = b.node(
      'cropped',
      slice,
      { ranges: [{ axis: 1, start: 0, size: 2, step: 1 }] },
      [pooled],
      as(q(0.1)),
    );
    const large = convolve(b, cropped, 'large', q(0.5), 2 ** 30);
    return convolve(b, large, 'coarse', q(2 ** 40), 0, q(2 ** -40));
  });
  const { code, problems, message } = await failure(model);
  expect(code).toBe('OP_UNSUPPORTED');
  expect(problems?.map(({ node, code: each }) => [node, each])).toEqual([
    ['strange', 'OP_UNSUPPORTED'],
    ['pooled', 'OP_UNSUPPORTED'],
    ['coarse', 'QUANTIZATION_INVALID'],
    ['large', 'OP_UNSUPPORTED'],
  ]);
  for (const name of ['strange', 'pooled', 'coarse', 'large']) expect(message).toContain(`\n  ${name}: `);
});

describe('numbers that kernels would misread', () => {
  test.each([0, NaN, Infinity, -0.5])('an activation of scale %d', async (scale) => {
    const model = build((b, x) => b.node('y', relu, {}, [x], as(q(scale))));
    expect(await failure(model)).toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });

  test.each([0, NaN, -Infinity])('weights of scale %d', async (scale) => {
    const model = build((b, x) => convolve(b, x, 'y', q(scale), 0));
    expect(await failure(model)).toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });

  test.each([128, -129, 2 ** 31])('a zero point of %d', async (zeroPoint) => {
    const model = build((b, x) => b.node('y', relu, {}, [x], as(q(0.1))), q(0.1, zeroPoint));
    expect(await failure(model)).toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });

  test('a multiplier beyond 32 bits, and a value that is not quantized', async () => {
    const coarse = build((b, x) => convolve(b, x, 'y', q(2 ** 40), 0, q(2 ** -40)));
    expect(await failure(coarse)).toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
    const plain = build((b, x) => b.node('y', relu, {}, [x]));
    expect(await failure(plain)).toMatchObject({ code: 'QUANTIZATION_INVALID', node: 'y' });
  });
});

describe('sizes that overflow', () => {
  test('a value of more elements than 32 bits count', async () => {
    const model = build((b, x) => b.node('y', relu, {}, [x], as(q(0.1))), q(0.1), [1, 65536, 65536, 1]);
    expect(await failure(model)).toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });

  test('an extent beyond 16 bits where kernels take no more', async () => {
    const size: [number, number] = [2, 2];
    const model = build(
      (b, x) =>
        b.node('y', resizeNearest, { size, alignCorners: false, halfPixelCenters: false }, [x], as(q(0.1))),
      q(0.1),
      [1, 1, 1, 70000],
    );
    expect(await failure(model)).toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });

  test('sums that leave 32 bits', async () => {
    const model = build(
      (b, x) => b.node('y', batchMatmul, { transposeA: false, transposeB: true }, [x, x], as(q(1))),
      q(0.1),
      [1, 2, 20000],
    );
    expect(await failure(model)).toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });
});

test('a value that does not exist', async () => {
  const model = build((b, x) => b.node('y', relu, {}, [x], as(q(0.1))));
  const [node] = model.nodes;
  const broken = { ...model, nodes: [{ ...node, inputs: ['nothing'] }] };
  expect(await failure(broken)).toMatchObject({ code: 'MODEL_INVALID' });
});

test('weights that are computed', async () => {
  const model = build((b, x) =>
    b.node(
      'y',
      dense,
      { activation: 'none' },
      [x, b.input('w', [2, 3], { dtype: 'int8', quantization: q(0.1) })],
      as(q(1)),
    ),
  );
  expect(await failure(model)).toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
});
