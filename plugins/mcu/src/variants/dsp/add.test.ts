import { add, ModelBuilder, sizeOf, sub, tensor } from '@whittle/core';
import type { FusedActivation, RunCase } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../integer-network.fixture.js';
import { expectExact, kernelsOf, missing } from './exactness.fixture.js';

interface SumShape {
  readonly op?: 'add' | 'sub';
  readonly shape: readonly number[];
  /** Of both operands and the output. */
  readonly scales: readonly [number, number, number];
  readonly zeroPoints: readonly [number, number, number];
  readonly activation?: FusedActivation;
}

function sumCase({ op = 'add', shape, scales, zeroPoints, activation = 'none' }: SumShape): RunCase {
  const next = pseudoRandom(shape[shape.length - 1]);
  const type = (i: number) => ({
    scale: Float32Array.of(scales[i]),
    zeroPoint: Int32Array.of(zeroPoints[i]),
  });
  const builder = new ModelBuilder(`${op} of ${shape.join('x')} ${scales.join(' ')} ${zeroPoints.join(' ')}`);
  const operands = [0, 1].map((i) => builder.input(`x${i}`, shape, { dtype: 'int8', quantization: type(i) }));
  const sum = op === 'add' ? add : sub;
  builder.output(builder.node('y', sum, { activation }, operands, { quantization: [type(2)] }));
  const values = () => tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, next));
  const ends = (first: number, second: number) =>
    [first, second].map((value) =>
      tensor(
        'int8',
        shape,
        Int8Array.from({ length: sizeOf(shape) }, (_, i) => (i % 3 === 0 ? next() : value)),
      ),
    );
  const inputs = [[values(), values()], ends(-128, -128), ends(127, 127), ends(-128, 127)];
  return { model: builder.finish(), inputs };
}

const scales = [
  [0.02, 0.02, 0.03], // equal: nothing is shifted
  [0.02, 0.015, 0.03],
  [0.011, 0.02, 0.02],
  [0.02, 0.006, 0.005],
  [0.0021, 0.03, 0.4],
  [0.05, 0.00001, 0.06],
] as const;
const zeroPoints = [
  [-128, -128, -128],
  [3, -128, -128],
  [127, -128, -7],
  [-128, 127, 127],
  [0, 0, 0],
] as const;

/** Every pair of scales and zero points, each with another number of elements. */
function sums(first: number): RunCase[] {
  return scales.flatMap((each, i) =>
    zeroPoints.map((zeros, j) =>
      sumCase({
        op: (i + j) % 3 === 0 ? 'sub' : 'add',
        shape: [1, first + 5 * i + j],
        scales: (i + j) % 2 === 0 ? each : [each[1], each[0], each[2]],
        zeroPoints: zeros,
        activation: j === 3 ? 'relu' : 'none',
      }),
    ),
  );
}

const kernel = /\bwhittle_add_s8_dsp_/;
const tableKernel = /\bwhittle_add_table_s8_dsp_/;

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  test('small sums are exact', () => expectExact(sums(1), kernel));
  test('large sums, by a table, are exact', () => expectExact(sums(1024), tableKernel));
  test('large sums are exact where RAM comes first', () => expectExact(sums(1024), kernel, 'ram'));
});

test('operands that are repeated go to the portable kernel', async () => {
  const { model } = sumCase({ shape: [1, 8], scales: scales[0], zeroPoints: zeroPoints[0] });
  const builder = new ModelBuilder('repeated');
  const quantization = model.values.get('x0')!.quantization!;
  const a = builder.input('a', [1, 4, 8], { dtype: 'int8', quantization });
  const b = builder.input('b', [1, 1, 8], { dtype: 'int8', quantization });
  builder.output(builder.node('y', add, { activation: 'none' }, [a, b], { quantization: [quantization] }));
  expect(await kernelsOf({ model: builder.finish(), inputs: [] })).toEqual(['whittle_add_s8']);
});
