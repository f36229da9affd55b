import { add, dense, mul, sigmoid, tanh } from '@whittle/core';
import type { Step } from './recurrent.js';

const none = { activation: 'none' } as const;

/** Hochreiter and Schmidhuber 1997; gates in the order input, output, forget, candidate. Both biases are in `x`. */
export const lstmStep: Step = (direction, x, states) => {
  const fromState = states && direction.emit(dense, none, [states[0], direction.weight(1)], 'recurrent');
  const sum = fromState ? direction.emit(add, none, [x, fromState], 'sum') : x;
  const [input, output, forget, candidate] = direction.parts(sum, [1, 1, 1, 1]);
  const gate = (id: string) => direction.emit(sigmoid, {}, [id], 'gate');
  const fresh = direction.emit(
    mul,
    none,
    [gate(input), direction.emit(tanh, {}, [candidate], 'candidate')],
    'fresh',
  );
  const cell = states
    ? direction.emit(add, none, [direction.emit(mul, none, [gate(forget), states[1]], 'kept'), fresh], 'cell')
    : fresh;
  const squashed = direction.emit(tanh, {}, [cell], 'squashed');
  return [direction.emit(mul, none, [gate(output), squashed], 'hidden'), cell];
};
