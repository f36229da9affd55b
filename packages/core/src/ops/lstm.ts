import { z } from 'zod';
import { concrete, formatShape, sameShape } from '../model.js';
import type { Dim } from '../model.js';
import { defineOp, expectRank, expectShape } from '../op.js';
import type { InferView } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { batchTie } from './recurrent.js';

export const lstmAttributes = z
  .object({
    /** Bound of the cell state's magnitude in real values; 0 for none. */
    cellClip: z.number().nonnegative(),
    /** Whether time is the first axis of input and output, before the batch. */
    timeMajor: z.boolean(),
  })
  .strict();
export type LstmAttributes = z.infer<typeof lstmAttributes>;

/** The gates, in the order of operands. */
export const lstmGates = ['input', 'forget', 'cell', 'output'] as const;
export type LstmGate = (typeof lstmGates)[number];

/** Where the operands lie that there are several of: gate g has index first + g. */
export const lstmOperands = { kernel: 1, recurrent: 5, bias: 9, hidden: 13, cell: 14 } as const;

/** Extents in elements; `steps` of time. */
export interface LstmGeometry {
  readonly batch: Dim;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

/** @throws SHAPE_MISMATCH where weights, biases or states don't fit together */
export function lstmGeometry(n: InferView<LstmAttributes>): LstmGeometry {
  expectRank(n, 0, 3, 'input');
  expectRank(n, lstmOperands.hidden, 2, 'hidden state');
  const { shape } = n.inputs[0];
  const [batch, steps] = n.attributes.timeMajor ? [shape[1], shape[0]] : shape;
  const [inputs, units] = concrete([shape[2], n.inputs[lstmOperands.hidden].shape[1]]);
  expectShape(steps !== 'batch', n, () => `time must be a number of steps, found ${formatShape(shape)}`);
  const expectOperand = (index: number, what: string, expected: readonly Dim[]) =>
    expectShape(
      sameShape(n.inputs[index].shape, expected),
      n,
      () => `${what} must have shape ${formatShape(expected)}, found ${formatShape(n.inputs[index].shape)}`,
    );
  lstmGates.forEach((gate, g) => {
    expectOperand(lstmOperands.kernel + g, `${gate} gate weights`, [inputs, units]);
    expectOperand(lstmOperands.recurrent + g, `recurrent ${gate} gate weights`, [units, units]);
    expectOperand(lstmOperands.bias + g, `${gate} gate bias`, [units]);
  });
  expectOperand(lstmOperands.hidden, 'hidden state', [batch, units]);
  expectOperand(lstmOperands.cell, 'cell state', [batch, units]);
  return { batch, steps, inputs, units };
}

/**
 * A layer of long short-term memory over a sequence (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
 * 2000): at each step, with sigmoid s and the four gates' weights, recurrent weights and biases,
 * i, f, o = s(W x + R h + b), g = tanh(W x + R h + b), c' = f c + i g, h' = o tanh(c').
 * Operands: input [N, T, I] (or [T, N, I]); weights [I, U] of the input, forget, cell and output gate; recurrent weights
 * [U, U] of the same; biases [U]; hidden state [N, U]; cell state [N, U]. Results: h of each step, shaped as the input but
 * for [..., U], and the next hidden and cell state.
 */
export const lstm = defineOp<LstmAttributes>({
  name: 'lstm',
  version: 1,
  operands: [
    { name: 'input' },
    ...lstmGates.map((gate) => ({ name: `${gate} gate weights` })),
    ...lstmGates.map((gate) => ({ name: `recurrent ${gate} gate weights` })),
    ...lstmGates.map((gate) => ({ name: `${gate} gate bias` })),
    { name: 'hidden state' },
    { name: 'cell state' },
  ],
  attributes: lstmAttributes,
  infer(n) {
    const { units } = lstmGeometry(n);
    const { dtype, shape } = n.inputs[0];
    const state = (index: number) => ({ dtype: n.inputs[index].dtype, shape: n.inputs[index].shape });
    return [
      { dtype, shape: [...shape.slice(0, 2), units] },
      state(lstmOperands.hidden),
      state(lstmOperands.cell),
    ];
  },
  cost(n) {
    const { inputs, units } = lstmGeometry(n);
    const size = sizeOf(concrete(n.outputs[0].shape));
    const macs = 4 * size * (inputs + units);
    // Beside the gates' biases: two products and a sum for the cell, one product for the output.
    return {
      macs,
      flops: 2 * macs + 8 * size,
      activationFlops: size * (11 + (n.attributes.cellClip > 0 ? 2 : 0)),
    };
  },
  channels: (n) => ({
    ties: [
      batchTie(n, [0, lstmOperands.hidden, lstmOperands.cell], (shape) =>
        shape.length === 3 && n.attributes.timeMajor ? 1 : 0,
      ),
    ],
  }),
  evaluate(n, operands) {
    const { steps, inputs, units } = lstmGeometry({ ...n, inputs: operands });
    const batch = operands[lstmOperands.hidden].shape[0];
    const x = operands[0].data as Float32Array;
    const hidden = Float32Array.from(operands[lstmOperands.hidden].data as Float32Array);
    const cell = Float32Array.from(operands[lstmOperands.cell].data as Float32Array);
    const output = new Float32Array(batch * steps * units);
    const gates = lstmGates.map((_, g) => new Gate(operands, g));
    for (let b = 0; b < batch; b++) {
      const own = [hidden, cell].map((state) => state.subarray(b * units, (b + 1) * units));
      for (let t = 0; t < steps; t++) {
        const at = n.attributes.timeMajor ? t * batch + b : b * steps + t;
        const features = x.subarray(at * inputs, (at + 1) * inputs);
        step(gates, features, own[0], own[1], n.attributes.cellClip);
        output.set(own[0], at * units);
      }
    }
    return [
      float32([...operands[0].shape.slice(0, 2), units], output),
      float32([batch, units], hidden),
      float32([batch, units], cell),
    ];
  },
});

/** Weights of one gate. */
class Gate {
  readonly #kernel: Float32Array;
  readonly #recurrent: Float32Array;
  readonly #bias: Float32Array;

  constructor(operands: readonly Tensor[], index: number) {
    const data = (first: number) => operands[first + index].data as Float32Array;
    this.#kernel = data(lstmOperands.kernel);
    this.#recurrent = data(lstmOperands.recurrent);
    this.#bias = data(lstmOperands.bias);
  }

  /** W x + R h + b. */
  sums(x: Float32Array, hidden: Float32Array): Float64Array {
    const sums = Float64Array.from(this.#bias);
    const units = sums.length;
    for (const [values, weights] of [
      [x, this.#kernel],
      [hidden, this.#recurrent],
    ])
      for (let i = 0; i < values.length; i++)
        for (let u = 0; u < units; u++) sums[u] += values[i] * weights[i * units + u];
    return sums;
  }
}

/** One step for one sequence: hidden and cell state are brought forward in place. */
function step(
  gates: readonly Gate[],
  x: Float32Array,
  hidden: Float32Array,
  cell: Float32Array,
  cellClip: number,
): void {
  const [i, f, g, o] = gates.map((gate) => gate.sums(x, hidden));
  const bound = cellClip > 0 ? cellClip : Infinity;
  for (let u = 0; u < hidden.length; u++) {
    const next = sigmoid(f[u]) * cell[u] + sigmoid(i[u]) * Math.tanh(g[u]);
    cell[u] = Math.min(Math.max(next, -bound), bound);
    hidden[u] = sigmoid(o[u]) * Math.tanh(cell[u]);
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
