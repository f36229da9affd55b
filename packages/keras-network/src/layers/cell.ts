import { split } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';
import { applyActivation } from './activation-spec.js';

/** What a cell keeps from one step to the next: the output, and of an LSTM the cell state. */
export type State = readonly Id[];

/** One step: `x` is the step's input times the kernel, with the bias; the state is undefined at first, when it is zero. */
export type Cell = (call: LayerCall, x: Id, state: State | undefined) => State;

/** The layer's inner activation, by the option that names it. */
export function inner(call: LayerCall, x: Id, key: string, otherwise: string): Id {
  return applyActivation(call, x, call.options.get(key) ?? otherwise);
}

/** The activation of gates. */
export const gate = (call: LayerCall, x: Id) => inner(call, x, 'recurrent_activation', 'sigmoid');

/** Equal parts along the channels, one a gate. */
export function parts(call: LayerCall, x: Id, count: number): Id[] {
  const sizes = new Array<number>(count).fill(call.options.extent('units')) as [number, ...number[]];
  return call.graph.results(`${call.name}/gate`, split, { axis: 1, sizes }, [x]);
}
