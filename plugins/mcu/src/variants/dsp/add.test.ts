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

type Triples = readonly (readonly [number, number, number])[];

const scales: Triples = [
  [0.0213, 0.0213, 0.0317], // equal: nothing is shifted
  [0.0213, 0.0152, 0.0317],
  [0.0119, 0.0207, 0.0211],
  [0.0213, 0.0061, 0.0053],
  [0.00211, 0.0307, 0.401],
  [0.0507, 0.00001, 0.0611],
];
const zeroPoints: Triples = [
  [-128, -128, -128],
  [3, -128, -128],
  [127, -128, -7],
  [-128, 127, 127],
  [0, 0, 0],
];

/** With these, sums lie half-way between two outputs on both sides of 0, as no linear function rounds them. */
const halfwayScales: Triples = [
  [0.02, 0.02, 0.04],
  [0.02, 0.01, 0.04],
  [0.0025, 0.02, 0.04],
];
const middleZeroPoints: Triples = [
  [3, -5, -7],
  [0, 0, 0],
  [-20, 9, 30],
];

/** Every triple of scales with every one of zero points, each with another number of elements. */
function sums(triples: Triples, zeros: Triples): RunCase[] {
  return triples.flatMap((each, i) =>
    zeros.map((points, j) =>
      sumCase({
        op: (i + j) % 3 === 0 ? 'sub' : 'add',
        shape: [1, 1 + 5 * i + j],
        scales: (i + j) % 2 === 0 ? each : [each[1], each[0], each[2]],
        zeroPoints: points,
        activation: j === 3 ? 'relu' : 'none',
      }),
    ),
  );
}

describe.skipIf(missing !== undefined)(`on a Cortex-M4 (${missing ?? 'all there'})`, () => {
  test('sums as linear functions are exact', () =>
    expectExact(sums(scales, zeroPoints), /\bwhittle_linear_sum_s8_dsp\b/));

  test('sums with every rounding are exact', () =>
    expectExact(sums(halfwayScales, middleZeroPoints), /\bwhittle_add_s8_dsp_/));
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
