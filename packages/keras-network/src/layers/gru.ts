import { add, dense, float32, mul, sub } from '@whittle/core';
import type { Id, Tensor } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';
import { gate, inner, parts } from './cell.js';
import type { Cell, State } from './cell.js';

const none = { activation: 'none' } as const;

/**
 * A gated recurrent unit (Cho et al. 2014), gates in the order update, reset, candidate: h' = z h + (1 - z) g. The reset
 * gate comes after the state's product, which then has a bias of its own, or before it.
 */
export function gruCell({ options }: LayerCall): Cell {
  return options.boolean('reset_after', false) ? resetAfter : resetBefore;
}

function resetAfter(call: LayerCall, x: Id, state: State | undefined): State {
  const [update, reset, candidate] = parts(call, x, 3);
  const hasBias = call.options.boolean('use_bias', true);
  const kernel = call.weight('recurrent_kernel', 'weight');
  const units = call.options.extent('units');
  let added: readonly Id[] = [];
  if (state) {
    const bias = hasBias
      ? [call.part('bias', 'recurrent_bias', 'bias', (b) => elements(b, 3 * units, 6 * units))]
      : [];
    added = parts(call, call.node('recurrent', dense, none, [state[0], kernel, ...bias]), 3);
  } else if (hasBias)
    added = [0, 1, 2].map((i) =>
      call.part('bias', `recurrent_bias_${i}`, 'bias', (b) => elements(b, (3 + i) * units, (4 + i) * units)),
    );
  const plus = (a: Id, b: Id | undefined) => (b === undefined ? a : call.node('sum', add, none, [a, b]));
  const [z, r] = [plus(update, added[0]), plus(reset, added[1])].map((sum) => gate(call, sum));
  const recalled = added.length > 0 ? call.node('recalled', mul, none, [r, added[2]]) : undefined;
  return next(call, z, inner(call, plus(candidate, recalled), 'activation', 'tanh'), state);
}

function resetBefore(call: LayerCall, x: Id, state: State | undefined): State {
  const [update, reset, candidate] = parts(call, x, 3);
  const units = call.options.extent('units');
  if (!state) return next(call, gate(call, update), inner(call, candidate, 'activation', 'tanh'), undefined);
  const product = (hidden: Id, name: string, from: number, to: number) => {
    const kernel = call.part('recurrent_kernel', name, 'weight', (k) => columns(k, from * units, to * units));
    return call.node('recurrent', dense, none, [hidden, kernel]);
  };
  const [hidden] = state;
  const [addedUpdate, addedReset] = parts(call, product(hidden, 'recurrent_gates', 0, 2), 2);
  const z = gate(call, call.node('sum', add, none, [update, addedUpdate]));
  const r = gate(call, call.node('sum', add, none, [reset, addedReset]));
  const recalled = product(call.node('recalled', mul, none, [r, hidden]), 'recurrent_candidate', 2, 3);
  const sum = call.node('sum', add, none, [candidate, recalled]);
  return next(call, z, inner(call, sum, 'activation', 'tanh'), state);
}

/** z h + (1 - z) g, as g + z (h - g). */
function next(call: LayerCall, z: Id, g: Id, state: State | undefined): State {
  if (!state) return [call.node('hidden', sub, none, [g, call.node('kept', mul, none, [z, g])])];
  const change = call.node('change', sub, none, [state[0], g]);
  return [call.node('hidden', add, none, [g, call.node('kept', mul, none, [z, change])])];
}

function elements(value: Tensor<'float32'>, from: number, to: number): Tensor {
  return float32([to - from], value.data.slice(from, to));
}

function columns(value: Tensor<'float32'>, from: number, to: number): Tensor {
  const [rows, width] = value.shape;
  const data = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; row++)
    data.set(value.data.subarray(row * width + from, row * width + to), row * (to - from));
  return float32([rows, to - from], data);
}
