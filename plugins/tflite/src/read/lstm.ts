import { lstm, lstmGates } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { swapAxes } from '../weight-layout.js';
import type { GraphReader } from './graph-reader.js';
import { optionsOf, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** Where the operator's inputs lie that models have; of several the first, of one for each gate. */
const INPUTS = { kernel: 1, recurrent: 5, bias: 12, hidden: 18, cell: 19 } as const;

/** Variants of the layer that models don't have, by the inputs that ask for them. */
const variants: readonly (readonly [string, readonly number[]])[] = [
  ['peephole weights', [9, 10, 11]],
  ['a projection', [16, 17]],
  ['layer normalization', [20, 21, 22, 23]],
];

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM: weights [U, I] and [U, U]; the states are variables that the operator changes in place.
 * @throws OP_UNSUPPORTED for peepholes, projections, layer normalization, coupled gates and other activations than tanh
 */
export function readLstm(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.UnidirectionalSequenceLSTMOptionsT);
  checkVariant(o, options);
  const parameters = (first: number, what: string) =>
    lstmGates.map((gate, g) => {
      if ((o.inputs[first + g] ?? -1) < 0) throw unreadable(o, `the ${gate} gate has no ${what}`);
      return first === INPUTS.bias
        ? graph.parameter(o, first + g, { role: 'bias' })
        : graph.parameter(o, first + g, { role: 'weight', layout: 'io', rearrange: swapAxes });
    });
  const operands = [
    graph.input(o, 0),
    ...parameters(INPUTS.kernel, 'weights'),
    ...parameters(INPUTS.recurrent, 'recurrent weights'),
    ...parameters(INPUTS.bias, 'bias'),
    graph.input(o, INPUTS.hidden),
    graph.input(o, INPUTS.cell),
  ];
  const { cellClip, timeMajor } = options;
  graph.addResults(o, lstm, { cellClip, timeMajor }, operands, [INPUTS.hidden, INPUTS.cell]);
}

function checkVariant(o: OperatorView, options: schema.UnidirectionalSequenceLSTMOptionsT): void {
  for (const [what, inputs] of variants)
    if (inputs.some((i) => (o.inputs[i] ?? -1) >= 0)) throw unreadable(o, `LSTM with ${what}`);
  const { fusedActivationFunction: activation, diagonalRecurrentTensors } = options;
  if (activation !== schema.ActivationFunctionType.TANH)
    throw unreadable(
      o,
      `LSTM with ${schema.ActivationFunctionType[activation] ?? activation}, expected TANH`,
    );
  if (diagonalRecurrentTensors) throw unreadable(o, 'LSTM with diagonal recurrent weights');
}
