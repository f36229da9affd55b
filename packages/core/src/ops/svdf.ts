import { z } from 'zod';
import { concrete, formatShape, sameShape } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import { batchTie } from './recurrent.js';
import { clampFlops, clampInPlace, fusedActivation } from './fused-activation.js';

export const svdfAttributes = z
  .object({ rank: z.number().int().positive(), activation: fusedActivation })
  .strict();
export type SvdfAttributes = z.infer<typeof svdfAttributes>;

/** Extents in elements. A filter is a pair of a feature and a time weight; `rank` filters add up to a unit. */
export interface SvdfGeometry {
  readonly inputs: number;
  readonly filters: number;
  /** Steps that the state remembers, the present one included. */
  readonly memory: number;
  readonly units: number;
}

/** @throws SHAPE_MISMATCH where weights, bias or state don't fit together */
export function svdfGeometry(n: InferView<SvdfAttributes>): SvdfGeometry {
  expectRank(n, 0, 2, 'input');
  expectRank(n, 1, 2, 'feature weights');
  expectRank(n, 2, 2, 'time weights');
  const [input, feature, time, state, bias] = n.inputs.map(({ shape }) => shape);
  const [inputs, filters] = concrete(feature);
  const [rows, memory] = concrete(time);
  const { rank } = n.attributes;
  expectShape(
    input[1] === inputs,
    n,
    () => `feature weights ${formatShape(feature)} don't fit input ${formatShape(input)}`,
  );
  expectShape(
    rows === filters,
    n,
    () => `time weights must have shape [${filters}, memory], found ${formatShape(time)}`,
  );
  expectShape(filters % rank === 0, n, () => `${filters} filters can't be shared out by rank ${rank}`);
  const kept = [input[0], filters * memory];
  expectShape(
    sameShape(state, kept),
    n,
    () => `state must have shape ${formatShape(kept)}, found ${formatShape(state)}`,
  );
  const units = filters / rank;
  expectShape(
    bias === undefined || sameShape(bias, [units]),
    n,
    () => `bias must have shape [${units}], found ${formatShape(bias)}`,
  );
  return { inputs, filters, memory, units };
}

/**
 * A layer with memory whose weights over features and time are low-rank (Nakkiran et al. 2015). Each step a filter
 * reduces the features to one number, which its row of the state remembers for M steps; a unit is the sum, over its `rank`
 * filters, of these numbers times the time weights, plus the bias.
 * Operands: input [N, I], feature weights [I, F], time weights [F, M] (oldest step first), state [N, F * M], bias
 * [F / rank]. Results: output [N, F / rank] and the next state [N, F * M].
 */
export const svdf = defineOp<SvdfAttributes>({
  name: 'svdf',
  version: 1,
  operands: [
    { name: 'input' },
    { name: 'feature weights' },
    { name: 'time weights' },
    { name: 'state' },
    { name: 'bias', optional: true },
  ],
  attributes: svdfAttributes,
  infer(n) {
    const { units } = svdfGeometry(n);
    const [input, , , state] = n.inputs;
    return [
      { dtype: input.dtype, shape: [input.shape[0], units] },
      { dtype: state.dtype, shape: state.shape },
    ];
  },
  cost(n) {
    const { inputs, filters, memory } = svdfGeometry(n);
    const size = sizeOf(concrete(n.outputs[0].shape));
    const macs = concrete(n.inputs[0].shape)[0] * filters * (inputs + memory);
    return {
      macs,
      flops: 2 * macs + (n.inputs.length > 4 ? size : 0),
      activationFlops: size * clampFlops(n.attributes.activation),
    };
  },
  channels: (n) => ({ ties: [batchTie(n, [0, 3])] }),
  evaluate(n, [input, feature, time, state, bias]) {
    const { inputs, filters, memory, units } = svdfGeometry({ ...n, inputs: [input, feature, time, state] });
    const batch = input.shape[0];
    const [x, weights] = [input.data, feature.data].map((data) => data as Float32Array);
    const [rows, kept] = [time.data, state.data].map((data) => data as Float32Array);
    const next = new Float32Array(kept.length);
    const output = new Float32Array(batch * units);
    for (let b = 0; b < batch; b++)
      for (let f = 0; f < filters; f++) {
        const row = (b * filters + f) * memory;
        let present = 0;
        for (let i = 0; i < inputs; i++) present += x[b * inputs + i] * weights[i * filters + f];
        next.set(kept.subarray(row + 1, row + memory), row);
        next[row + memory - 1] = present;
        const unit = Math.floor(f / n.attributes.rank);
        let sum = f % n.attributes.rank === 0 ? Number(bias?.data[unit] ?? 0) : output[b * units + unit];
        for (let m = 0; m < memory; m++) sum += next[row + m] * rows[f * memory + m];
        output[b * units + unit] = sum;
      }
    return [
      float32([batch, units], clampInPlace(output, n.attributes.activation)),
      float32(state.shape, next),
    ];
  },
});
