import { add, div, maximum, minimum, mul, squaredDifference, sub } from '@whittle/core';
import { tensor } from '@whittle/core';
import type { BinaryOp, Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { drawActivation } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, short, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** Scales of two operands and the result. */
type Scales = readonly [Quantization, Quantization, Quantization];

/** Sums of int16 honour zero points, though files hardly have them. */
const sumScales = (draw: Draw, dtype: ActivationDType): Scales => {
  const offset = dtype === 'int8' || draw.oneIn(4);
  const a = draw.scale(dtype);
  const b = a * draw.logUniform(1 / 8, 8);
  const output = Math.max(a, b) * draw.logUniform(1 / 4, 4);
  return [a, b, output].map((scale) =>
    perTensor(scale, offset ? draw.zeroPoint(dtype) : 0),
  ) as unknown as Scales;
};

const productScales = (draw: Draw, dtype: ActivationDType): Scales => {
  const [a, b] = [draw.scale(dtype), draw.scale(dtype)];
  const spread = dtype === 'int8' ? 60 : 60 * 2 ** 8;
  // A bound of an activation must be an int32 in steps of the output.
  const output = Math.max(a * b * spread * draw.gain(), 1e-8);
  return [a, b, output].map((scale) => draw.scaled(scale, dtype)) as unknown as Scales;
};

const squareScales = (draw: Draw, dtype: ActivationDType): Scales => {
  const [a, b] = [draw.scale(dtype), draw.scale(dtype)];
  const steps = dtype === 'int8' ? 100 : 100 * 2 ** 8;
  const output = Math.max(Math.max(a, b) ** 2 * steps * draw.gain(), 1e-8);
  return [a, b, output].map((scale) => draw.scaled(scale, dtype)) as unknown as Scales;
};

/** Where quotients have 64 steps and more, the shifts of TensorFlow Lite Micro stay within 31 bits for all operands. */
const quotientScales = (draw: Draw, dtype: ActivationDType): Scales => {
  const [a, b] = [draw.scale(dtype), draw.scale(dtype)];
  const output = Math.max(a / b / draw.logUniform(64, 8192), 1e-8);
  return [a, b, output].map((scale) => draw.scaled(scale, dtype)) as unknown as Scales;
};

const oneScale = (draw: Draw, dtype: ActivationDType): Scales => {
  const q = draw.activation(dtype);
  return [q, q, q];
};

/** Equal shapes most often; else either operand has extents of 1, or fewer axes. */
function drawShapes(draw: Draw): readonly [readonly number[], readonly number[]] {
  const shape = draw.shape();
  if (!draw.oneIn(3)) return [shape, shape];
  const other = draw.oneIn(3)
    ? [shape[shape.length - 1]]
    : shape.map((extent) => (draw.oneIn(2) ? 1 : extent));
  return draw.oneIn(2) ? [shape, other] : [other, shape];
}

function binarySuite(
  op: BinaryOp,
  dtype: ActivationDType,
  seeds: readonly number[],
  drawScales: (draw: Draw, dtype: ActivationDType) => Scales,
  { fused = false, nonzero = false }: { readonly fused?: boolean; readonly nonzero?: boolean } = {},
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const [a, b] = drawShapes(draw);
    const [qa, qb, output] = drawScales(draw, dtype);
    const activation = fused ? drawActivation(draw) : 'none';
    const inputs = [
      { shape: a, quantization: qa, dtype },
      { shape: b, quantization: qb, dtype },
    ];
    const model = opModel(op.name, inputs, (builder, ids) =>
      builder.node('output', op, { activation }, ids, { quantization: [output] }),
    );
    const describe = (q: Quantization) => `${short(q.scale[0])}/${q.zeroPoint[0]}`;
    return {
      label: `${extents(a)} and ${extents(b)} ${activation}, scales ${[qa, qb, output].map(describe).join(' ')}`,
      model,
      inputs: [1, 2].map(() => {
        const second = draw.stored(dtype, b);
        return [draw.stored(dtype, a), nonzero ? without(qb.zeroPoint[0], second) : second];
      }),
    };
  });
}

/** Values next to `unwanted`, in its place. */
function without(unwanted: number, { dtype, shape, data }: Tensor): Tensor {
  const other = unwanted > 0 ? unwanted - 1 : unwanted + 1;
  return tensor(
    dtype,
    shape,
    Array.from(data, Number).map((x) => (x === unwanted ? other : x)),
  );
}

/** ADD, SUB, MUL and their like of two computed operands, with and without broadcasting; DIV of int8, by what isn't 0. */
export function elementwiseSuites(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite[] {
  const suites = [
    binarySuite(add, dtype, seeds, sumScales, { fused: true }),
    binarySuite(sub, dtype, seeds, sumScales, { fused: true }),
    binarySuite(mul, dtype, seeds, productScales, { fused: true }),
    binarySuite(squaredDifference, dtype, seeds, squareScales),
    binarySuite(maximum, dtype, seeds, oneScale),
    binarySuite(minimum, dtype, seeds, oneScale),
  ];
  const quotients = { fused: true, nonzero: true };
  return dtype === 'int8' ? [...suites, binarySuite(div, dtype, seeds, quotientScales, quotients)] : suites;
}
