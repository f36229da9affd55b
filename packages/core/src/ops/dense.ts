import { z } from 'zod';
import { concrete, formatShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';

export const denseAttributes = z.object({ activation: fusedActivation }).strict();
export type DenseAttributes = z.infer<typeof denseAttributes>;

/** Matrix product over the last axis: input [..., I], weight [I, O], bias [O]; output [..., O]. */
export const dense = defineOp<DenseAttributes>({
  name: 'dense',
  version: 1,
  operands: [{ name: 'input' }, { name: 'weight' }, { name: 'bias', optional: true }],
  attributes: denseAttributes,
  linear: { outputAxes: [1] },
  infer(n) {
    expectRank(n, 1, 2, 'weight');
    const { shape, dtype } = n.inputs[0];
    expectShape(shape.length >= 2, n, () => `input must have rank 2 or more, found ${formatShape(shape)}`);
    const [from, to] = n.inputs[1].shape;
    expectShape(
      shape[shape.length - 1] === from,
      n,
      () => `weight ${formatShape(n.inputs[1].shape)} doesn't fit input ${formatShape(shape)}`,
    );
    const bias = n.inputs[2]?.shape;
    expectShape(
      !bias || (bias.length === 1 && bias[0] === to),
      n,
      () => `bias must have shape [${to}], found ${formatShape(bias)}`,
    );
    return [{ dtype, shape: [...shape.slice(0, -1), to] }];
  },
  cost(n) {
    const size = sizeOf(concrete(n.outputs[0].shape));
    const macs = size * concrete(n.inputs[1].shape)[0];
    return {
      macs,
      flops: 2 * macs + (n.inputs.length > 2 ? size : 0),
      activationFlops: size * clampFlops(n.attributes.activation),
    };
  },
  channels(n) {
    const [from, to] = concrete(n.inputs[1].shape);
    const last = n.inputs[0].shape.length - 1;
    const leading = n.inputs[0].shape.slice(0, -1).map((dim, axis) => {
      const count = dim === 'batch' ? 1 : dim;
      return [
        { value: n.inputIds[0], axis, count },
        { value: n.outputIds[0], axis, count },
      ];
    });
    return {
      ties: [
        ...leading,
        [
          { value: n.inputIds[0], axis: last, count: from },
          { value: n.inputIds[1], axis: 0, count: from },
        ],
        [
          { value: n.inputIds[1], axis: 1, count: to },
          { value: n.outputIds[0], axis: last, count: to },
          ...(n.inputIds.length > 2 ? [{ value: n.inputIds[2], axis: 0, count: to }] : []),
        ],
      ],
    };
  },
  evaluate(n, [input, weight, bias]) {
    const [from, to] = weight.shape;
    const rows = input.data.length / from;
    const x = input.data as Float32Array;
    const w = weight.data as Float32Array;
    const result = new Float32Array(rows * to);
    const sums = new Float64Array(to);
    for (let row = 0; row < rows; row++) {
      for (let o = 0; o < to; o++) sums[o] = bias ? Number(bias.data[o]) : 0;
      for (let i = 0; i < from; i++) {
        const value = x[row * from + i];
        if (value !== 0) for (let o = 0; o < to; o++) sums[o] += value * w[i * to + o];
      }
      result.set(sums, row * to);
    }
    return [float32([...input.shape.slice(0, -1), to], clampInPlace(result, n.attributes.activation))];
  },
});
