import { add, dense, mul } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { gate, inner, parts } from './cell.js';
import type { Cell, State } from './cell.js';
import { gruCell } from './gru.js';
import { reshaped } from './weight-layout.js';
import { sequenceOf, stepsOf } from './wrappers.js';

const none = { activation: 'none' } as const;

/** A layer whose cell is unrolled over the steps of its input [N, T, I]. */
function recurrent(gates: number, cellOf: (call: LayerCall) => Cell): LayerReader {
  return {
    group: 'cell',
    variables: (options) => ({
      trainable: ['kernel', 'recurrent_kernel', ...(options.boolean('use_bias', true) ? ['bias'] : [])],
    }),
    read(call) {
      const { options, input } = call;
      for (const key of ['stateful', 'time_major']) options.only(key, false);
      call.expectRank(input, 3);
      const cell = cellOf(call);
      const operands = [input, call.weight('kernel', 'weight'), ...inputBias(call, gates)];
      // One product for all steps.
      const projected = stepsOf(call, call.node('input', dense, none, operands));
      if (options.boolean('go_backwards', false)) projected.reverse();
      const states: State[] = [];
      for (const step of projected) states.push(cell(call, step, states[states.length - 1]));
      const last = states[states.length - 1];
      const output = options.boolean('return_sequences', false)
        ? sequenceOf(
            call,
            states.map(([hidden]) => hidden),
          )
        : last[0];
      return options.boolean('return_state', false) ? [output, ...last] : output;
    },
  };
}

/** The bias of the input's product: of a GRU that has another for the state's product, the first one. */
function inputBias(call: LayerCall, gates: number): Id[] {
  if (!call.options.boolean('use_bias', true)) return [];
  const width = gates * call.options.extent('units');
  return [
    call.weight('bias', 'bias', (value) => reshaped({ ...value, data: value.data.slice(0, width) }, [width])),
  ];
}

function fromState(call: LayerCall, hidden: Id): Id {
  return call.node('recurrent', dense, none, [hidden, call.weight('recurrent_kernel', 'weight')]);
}

/** h' = f(W x + b + U h). */
const simpleCell: Cell = (call, x, state) => {
  const sum = state ? call.node('sum', add, none, [x, fromState(call, state[0])]) : x;
  return [inner(call, sum, 'activation', 'tanh')];
};

/** Hochreiter and Schmidhuber 1997; gates in the order input, forget, cell, output. */
const lstmCell: Cell = (call, x, state) => {
  const sum = state ? call.node('sum', add, none, [x, fromState(call, state[0])]) : x;
  const [input, forget, candidate, output] = parts(call, sum, 4);
  const fresh = call.node('fresh', mul, none, [
    gate(call, input),
    inner(call, candidate, 'activation', 'tanh'),
  ]);
  const cell = state
    ? call.node('cell', add, none, [call.node('kept', mul, none, [gate(call, forget), state[1]]), fresh])
    : fresh;
  const squashed = inner(call, cell, 'activation', 'tanh');
  return [call.node('hidden', mul, none, [gate(call, output), squashed]), cell];
};

export const recurrentReaders: Readonly<Record<string, LayerReader>> = {
  SimpleRNN: recurrent(1, () => simpleCell),
  LSTM: recurrent(4, () => lstmCell),
  GRU: recurrent(3, gruCell),
};
