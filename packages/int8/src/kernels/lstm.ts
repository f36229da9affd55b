import { lstmGates, lstmOperands } from '@whittle/core';
import type { LstmAttributes, LstmGate, NodeView, Tensor, TypedArray } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { constantData } from '../lowering.js';
import type { Int8Kernel } from '../lowering.js';
import { expectWideSums } from '../plans/accumulator.js';
import { GATE_ARGUMENT, lstmPlan } from '../plans/lstm.js';
import type { LstmPlan } from '../plans/lstm.js';
import { STORED_RANGE } from '../quantized-type.js';
import { clamp } from '../rounding.js';
import { interpolatedSigmoid, interpolatedTanh } from '../tables/sigmoid-int16.js';
import { finishChannel } from './finish-channel.js';
import { allocateSums, multiplyRows, rowsByOutput } from './linear-weights.js';
import type { Sums } from './linear-weights.js';

/** UNIDIRECTIONAL_SEQUENCE_LSTM with a cell state of int16. */
export function prepareLstm(
  n: NodeView<LstmAttributes>,
  constants: readonly (Tensor | undefined)[],
): Int8Kernel {
  const plan = lstmPlan(n);
  const { batch, steps, inputs, units } = plan;
  const gates = lstmGates.map((name, g) => prepareGate(n, constants, plan, name, g));
  const x = new Int32Array(inputs);
  const h = new Int32Array(units);
  return (operands, [output, nextHidden, nextCell]) => {
    nextHidden.set(operands[lstmOperands.hidden] as never);
    nextCell.set(operands[lstmOperands.cell] as never);
    for (let b = 0; b < batch; b++)
      for (let t = 0; t < steps; t++) {
        const at = plan.timeMajor ? t * batch + b : b * steps + t;
        for (let i = 0; i < inputs; i++)
          x[i] = (operands[0][at * inputs + i] as number) - plan.inputZeroPoint;
        for (let u = 0; u < units; u++) h[u] = (nextHidden[b * units + u] as number) - plan.hiddenZeroPoint;
        const [i, f, g, o] = gates.map((gate) => gate(x, h));
        for (let u = 0; u < units; u++) {
          const own = b * units + u;
          nextCell[own] = nextCellOf(plan, nextCell[own] as number, i[u], f[u], g[u]);
          nextHidden[own] = hiddenOf(plan, nextCell[own], o[u]);
          output[at * units + u] = nextHidden[own];
        }
      }
  };
}

/** What a gate gives for inputs and hidden states less their zero points: units of 2^-15. */
type Gate = (x: Int32Array, hidden: Int32Array) => Int16Array;

function prepareGate(
  n: NodeView<LstmAttributes>,
  constants: readonly (Tensor | undefined)[],
  plan: LstmPlan,
  name: LstmGate,
  index: number,
): Gate {
  const { inputs, units, accumulator, gates } = plan;
  const weightsOf = (first: number, what: string) =>
    rowsByOutput(constantData<'int8'>(n, constants, first + index, `${what}${name} gate weights`), units);
  const kernel = weightsOf(lstmOperands.kernel, '');
  const recurrent = weightsOf(lstmOperands.recurrent, 'recurrent ');
  const bias = biasOf(n, constants, plan, name, index);
  const finish = { ...gates[name], accumulator, outputZeroPoint: 0, clamp: STORED_RANGE.int16 };
  const activate = name === 'cell' ? interpolatedTanh : interpolatedSigmoid;
  const sums = [allocateSums(accumulator, units), allocateSums(accumulator, units)];
  const result = new Int16Array(units);
  return (x, hidden) => {
    multiplyRows(x, 0, kernel, inputs, sums[0], 0, units);
    multiplyRows(hidden, 0, recurrent, units, sums[1], 0, units);
    for (let u = 0; u < units; u++) {
      const sum = finishChannel(sums[0][u] + bias[u], 0, finish) + finishChannel(sums[1][u], 1, finish);
      result[u] = activate(clampInt16(sum), GATE_ARGUMENT);
    }
    return result;
  };
}

function biasOf(
  n: NodeView<LstmAttributes>,
  constants: readonly (Tensor | undefined)[],
  plan: LstmPlan,
  name: LstmGate,
  index: number,
): Sums | Int32Array {
  const operand = lstmOperands.bias + index;
  if (plan.accumulator === 'int32') return constantData<'int32'>(n, constants, operand, `${name} gate bias`);
  const bias: TypedArray = constantData<'int64'>(n, constants, operand, `${name} gate bias`);
  // A weight times the distance of an int16 from its zero point.
  expectWideSums(n, Math.max(plan.inputs, plan.units), 2 ** 23, bias);
  return Float64Array.from(bias, Number);
}

function nextCellOf(plan: LstmPlan, cell: number, i: number, f: number, g: number): number {
  const kept = clampInt16(multiplyByQuantizedMultiplier(f * cell, plan.forget.multiplier, plan.forget.shift));
  const added = clampInt16(multiplyByQuantizedMultiplier(i * g, plan.cell.multiplier, plan.cell.shift));
  const sum = clampInt16(kept + added);
  return plan.cellClip === undefined ? sum : Math.max(Math.min(plan.cellClip, sum), -plan.cellClip);
}

function hiddenOf(plan: LstmPlan, cell: number, o: number): number {
  const { min, max } = STORED_RANGE[plan.activationType];
  const product = interpolatedTanh(cell, plan.cellArgument) * o;
  const scaled = multiplyByQuantizedMultiplier(product, plan.hidden.multiplier, plan.hidden.shift);
  return clamp((scaled + plan.hiddenZeroPoint) | 0, min, max);
}

function clampInt16(x: number): number {
  return clamp(x, -32768, 32767);
}
