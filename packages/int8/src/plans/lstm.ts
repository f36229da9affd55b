import { concrete, lstmGates, lstmGeometry, lstmOperands } from '@whittle/core';
import type { LstmAttributes, LstmGate, NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import type { Multiplier } from '../fixed-point.js';
import { formatScale, inputScale, INT8_OR_INT16, outputScale, sameScale } from '../quantized-type.js';
import type { ActivationDType } from '../quantized-type.js';
import { clamp, roundHalfAway } from '../rounding.js';
import type { SigmoidInt16Plan } from './sigmoid-int16.js';
import { expectWideShifts } from './accumulator.js';
import type { Accumulator } from './accumulator.js';
import { rescale } from './multipliers.js';
import type { ChannelMultipliers } from './multipliers.js';
import { stateScale, symmetricScale } from './recurrent.js';

/** How the two sums of a gate come to units of 2^-12: 0 that of the inputs and the bias, 1 that of the hidden state. */
export type LstmGateMultipliers = ChannelMultipliers;

/**
 * What TFLM's Prepare derives for UNIDIRECTIONAL_SEQUENCE_LSTM of int8 or int16 with int8 weights. Sums of a gate are each
 * rescaled and saturated to int16, added and saturated; sigmoid or tanh gives units of 2^-15. The cell state, int16,
 * becomes the saturated sum of forget(f * c) and cell(i * g), clipped; the hidden state hidden(o * tanh(c)) + zero point.
 */
export interface LstmPlan {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly timeMajor: boolean;
  /** Of input, hidden state and output. */
  readonly activationType: ActivationDType;
  /** Of the gates' sums, and the type of their biases: int64 beside activations of int16. */
  readonly accumulator: Accumulator;
  readonly inputZeroPoint: number;
  readonly hiddenZeroPoint: number;
  readonly gates: Readonly<Record<LstmGate, LstmGateMultipliers>>;
  readonly forget: Multiplier;
  readonly cell: Multiplier;
  readonly hidden: Multiplier;
  /** What tanh takes of the cell state. */
  readonly cellArgument: SigmoidInt16Plan;
  /** Bound of the cell state's magnitude in stored values; undefined for none. */
  readonly cellClip: number | undefined;
}

/** What the sums of gates are brought to, and what sigmoid and tanh give. */
const ARGUMENT_SCALE = 2 ** -12;
const RESULT_SCALE = 2 ** -15;

/** What sigmoid and tanh take of the sums of gates. */
export const GATE_ARGUMENT: SigmoidInt16Plan = { multiplier: 3, shift: 0 };

/** @throws QUANTIZATION_INVALID */
export function lstmPlan(n: NodeView<LstmAttributes>): LstmPlan {
  const view = n as NodeView<never>;
  const input = inputScale(n, 0, INT8_OR_INT16);
  const hidden = stateScale(view, lstmOperands.hidden, 1, 'hidden state', [input.dtype]);
  const cell = stateScale(view, lstmOperands.cell, 2, 'cell state', ['int16']);
  const output = outputScale(n, [input.dtype]);
  expectQuantization(
    sameScale(output, hidden),
    n,
    () =>
      `output (${formatScale(output)}) must be quantized like the hidden state (${formatScale(hidden)}), which it holds`,
  );
  expectQuantization(
    cell.zeroPoint === 0,
    n,
    () => `cell state must have zero point 0, found ${cell.zeroPoint}`,
  );
  const accumulator = input.dtype === 'int8' ? 'int32' : 'int64';
  checkBiases(n, accumulator, input.dtype);
  const gate = (g: number): LstmGateMultipliers => {
    const name = `${lstmGates[g]} gate weights`;
    const weights = symmetricScale(view, lstmOperands.kernel + g, name);
    const recurrent = symmetricScale(view, lstmOperands.recurrent + g, `recurrent ${name}`);
    const sums = [
      rescale(n, (input.scale * weights) / ARGUMENT_SCALE),
      rescale(n, (hidden.scale * recurrent) / ARGUMENT_SCALE),
    ];
    const multipliers = {
      multipliers: Int32Array.from(sums, ({ multiplier }) => multiplier),
      shifts: Int32Array.from(sums, ({ shift }) => shift),
    };
    if (accumulator === 'int64') expectWideShifts(n, multipliers);
    return multipliers;
  };
  const { steps, inputs, units } = lstmGeometry(n);
  return {
    batch: concrete(n.inputs[lstmOperands.hidden].shape)[0],
    steps: concrete([steps])[0],
    inputs,
    units,
    timeMajor: n.attributes.timeMajor,
    activationType: input.dtype,
    accumulator,
    inputZeroPoint: input.zeroPoint,
    hiddenZeroPoint: hidden.zeroPoint,
    gates: { input: gate(0), forget: gate(1), cell: gate(2), output: gate(3) },
    forget: rescale(n, (RESULT_SCALE * cell.scale) / cell.scale),
    cell: rescale(n, (RESULT_SCALE * RESULT_SCALE) / cell.scale),
    hidden: rescale(n, (RESULT_SCALE * RESULT_SCALE) / hidden.scale),
    cellArgument: cellArgument(n, cell.scale),
    cellClip: storedClip(n.attributes.cellClip, cell.scale),
  };
}

/** The cell's scale as a power of two, which tanh takes by shifts. */
function cellArgument(n: NodeView<LstmAttributes>, scale: number): SigmoidInt16Plan {
  const exponent = roundHalfAway(Math.log2(scale));
  expectQuantization(
    Math.abs(Math.log2(scale) - exponent) < 1e-3,
    n,
    () => `the cell state's scale must be a power of two, found ${scale}`,
  );
  const shift = exponent + 12;
  expectQuantization(
    shift >= -30 && shift <= 14,
    n,
    () => `the cell state's scale must be 2^-42 to 2^2, found ${scale}`,
  );
  return shift < 0 ? { multiplier: 3, shift: -shift } : { multiplier: 3 * 2 ** shift, shift: 0 };
}

/** In stored values, truncated. */
function storedClip(real: number, scale: number): number | undefined {
  return real > 0 ? Math.trunc(clamp(Math.fround(real) / scale, -32768, 32767)) : undefined;
}

function checkBiases(n: NodeView<LstmAttributes>, wanted: Accumulator, activations: ActivationDType): void {
  lstmGates.forEach((gate, g) => {
    const { dtype } = n.inputs[lstmOperands.bias + g];
    expectQuantization(
      dtype === wanted,
      n,
      () => `${gate} gate bias must be ${wanted} beside ${activations} activations, found ${dtype}`,
    );
  });
}
