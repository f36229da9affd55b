import { lstm, lstmGates, lstmOperands, unsupported } from '@whittle/core';
import type { LstmAttributes, TypedArray } from '@whittle/core';
import { lstmPlan, SIGMOID_TABLE } from '@whittle/int8';
import type { LstmPlan } from '@whittle/int8';
import { input, output, scratch, table, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from './accumulator-bound.js';
import { call } from './kernel-call.js';
import { checkSums, dotRows, halvesOf } from './int16-layer.js';
import { lstmParams } from './lstm-params.js';
import { outputRows } from './output-rows.js';

const { kernel, recurrent, bias, hidden, cell } = lstmOperands;

export function lowerLstm(node: KernelNode<LstmAttributes>): KernelPlan {
  const plan = lstmPlan(node);
  const rows = {
    own: gateRows(node, kernel, plan.units),
    state: gateRows(node, recurrent, plan.units),
    biases: gateBiases(node, plan.units),
  };
  const wide = plan.activationType === 'int16';
  return {
    calls: [
      call(
        wide ? 'whittle_lstm_s16' : 'whittle_lstm_s8',
        lstmParams(plan),
        input(0),
        ...(wide ? wideWeights(node, plan, rows) : narrowWeights(node, plan, rows)),
        table('sigmoid', SIGMOID_TABLE),
        input(hidden),
        input(cell),
        scratch,
        output(1),
        output(2),
        output(0),
      ),
    ],
    scratchBytes: 2 * (wide ? plan.units : plan.inputs + (plan.inputs % 2) + plan.units),
    inPlace: [
      { input: hidden, output: 1 },
      { input: cell, output: 2 },
    ],
  };
}

/** For each unit a row of weights of each gate, and its bias. */
interface Rows {
  readonly own: readonly Int8Array[];
  readonly state: readonly Int8Array[];
  readonly biases: TypedArray;
}

/** @throws OP_UNSUPPORTED where sums can leave 31 bits */
function narrowWeights(
  node: KernelNode<LstmAttributes>,
  plan: LstmPlan,
  { own, state, biases }: Rows,
): KernelArgument[] {
  const filters = own.map((row, i) => ({ weights: row, bias: Number(biases[i]) }));
  checkAccumulators(node, filters, plan.inputZeroPoint);
  checkAccumulators(
    node,
    state.map((row) => ({ weights: row, bias: 0 })),
    plan.hiddenZeroPoint,
  );
  return [
    weights('kernel', joined(own)),
    weights('recurrent', joined(state)),
    weights('bias', biases as Int32Array),
  ];
}

/** Zero points are taken into the biases, of which the hidden state's sums have one for that alone. */
function wideWeights(
  node: KernelNode<LstmAttributes>,
  plan: LstmPlan,
  { own, state, biases }: Rows,
): KernelArgument[] {
  checkSums(node, plan, Math.max(plan.inputs, plan.units), biases);
  const bias = halvesOf(lessZeroPoint(own, biases, plan.inputZeroPoint), 'int64');
  const none = new BigInt64Array(biases.length);
  const offset = lessZeroPoint(state, none, plan.hiddenZeroPoint);
  const recurrentBias = halvesOf(plan.hiddenZeroPoint === 0 ? undefined : offset, 'int64');
  return [
    weights('kernel', dotRows(joined(own), plan.inputs)),
    weights('recurrent', dotRows(joined(state), plan.units)),
    weights('bias', bias.low),
    weights('bias_high', bias.high),
    weights('recurrent_bias', recurrentBias.low),
    weights('recurrent_bias_high', recurrentBias.high),
  ];
}

/** Biases, less the zero point times the sum of each row's weights. */
function lessZeroPoint(rows: readonly Int8Array[], biases: TypedArray, zeroPoint: number): BigInt64Array {
  return BigInt64Array.from(rows, (row, i) => {
    const sum = row.reduce((total, weight) => total + weight, 0);
    return BigInt(biases[i]) - BigInt(zeroPoint * sum);
  });
}

/** @throws OP_UNSUPPORTED where weights are computed */
function gateRows(node: KernelNode<LstmAttributes>, first: number, units: number): Int8Array[] {
  const gates = lstmGates.map((_, g) => outputRows(gateData(node, first + g) as Int8Array, units));
  return Array.from({ length: units }, (_, u) => gates.map((rows) => rows[u])).flat();
}

function gateBiases(node: KernelNode<LstmAttributes>, units: number): TypedArray {
  const gates = lstmGates.map((_, g) => gateData(node, bias + g));
  const at = (i: number) => gates[i % 4][i >> 2];
  return gates[0] instanceof BigInt64Array
    ? BigInt64Array.from({ length: 4 * units }, (_, i) => at(i) as bigint)
    : Int32Array.from({ length: 4 * units }, (_, i) => at(i) as number);
}

function gateData(node: KernelNode<LstmAttributes>, operand: number): TypedArray {
  const data = node.constants[operand]?.data;
  if (!data) throw unsupported('kernel', lstm, node);
  return data;
}

function joined(rows: readonly Int8Array[]): Int8Array {
  return Int8Array.from(rows.flatMap((row) => Array.from(row)));
}
