import { add, maximum, minimum, mul, sub } from '@whittle/core';
import type { BinaryOp, Quantization } from '@whittle/core';
import type { Suite } from '../suite.js';
import { drawActivation } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, short } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** Scales of two operands and the result. */
type Scales = readonly [Quantization, Quantization, Quantization];

const sumScales = (draw: Draw): Scales => {
  const a = draw.scale();
  const b = a * draw.logUniform(1 / 8, 8);
  const output = Math.max(a, b) * draw.logUniform(1 / 4, 4);
  return [a, b, output].map((scale) => perTensor(scale, draw.zeroPoint())) as unknown as Scales;
};

const productScales = (draw: Draw): Scales => {
  const [a, b] = [draw.scale(), draw.scale()];
  return [a, b, a * b * 60 * draw.gain()].map((scale) =>
    perTensor(scale, draw.zeroPoint()),
  ) as unknown as Scales;
};

const oneScale = (draw: Draw): Scales => {
  const q = draw.quantization();
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
  seeds: readonly number[],
  drawScales: (draw: Draw) => Scales,
  fused: boolean,
): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const [a, b] = drawShapes(draw);
    const [qa, qb, output] = drawScales(draw);
    const activation = fused ? drawActivation(draw) : 'none';
    const inputs = [
      { shape: a, quantization: qa },
      { shape: b, quantization: qb },
    ];
    const model = opModel(op.name, inputs, (builder, ids) =>
      builder.node('output', op, { activation }, ids, { quantization: [output] }),
    );
    const describe = (q: Quantization) => `${short(q.scale[0])}/${q.zeroPoint[0]}`;
    return {
      label: `${extents(a)} and ${extents(b)} ${activation}, scales ${[qa, qb, output].map(describe).join(' ')}`,
      model,
      inputs: [1, 2].map(() => [draw.int8(a), draw.int8(b)]),
    };
  });
}

/** ADD, SUB, MUL, MAXIMUM and MINIMUM of two computed operands, with and without broadcasting. */
export function elementwiseSuites(seeds: readonly number[]): Suite[] {
  return [
    binarySuite(add, seeds, sumScales, true),
    binarySuite(sub, seeds, sumScales, true),
    binarySuite(mul, seeds, productScales, true),
    binarySuite(maximum, seeds, oneScale, false),
    binarySuite(minimum, seeds, oneScale, false),
  ];
}
