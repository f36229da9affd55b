import { add, dense, mul, sigmoid, sub, tanh } from '@whittle/core';
import type { Id } from '@whittle/core';
import type { Direction, Step } from './recurrent.js';

const none = { activation: 'none' } as const;

/**
 * A gated recurrent unit (Cho et al. 2014), gates in the order update, reset, candidate: h' = z h + (1 - z) g. The reset gate is
 * applied before the state's product, whose biases are in `x` then, or behind it.
 */
export const gruStep: Step = (direction, x, states) => {
  const isBehind = direction.call.attributes.flag('linear_before_reset');
  return [isBehind ? resetBehind(direction, x, states?.[0]) : resetBefore(direction, x, states?.[0])];
};

function resetBehind(direction: Direction, x: Id, hidden: Id | undefined): Id {
  const own = direction.parts(x, [1, 1, 1]);
  const bias = direction.bias([1]);
  const recalled = hidden
    ? direction.parts(
        direction.emit(dense, none, [hidden, direction.weight(1), bias], 'recurrent'),
        [1, 1, 1],
      )
    : [0, 1, 2].map((gate) => direction.bias([1], gate, 1));
  const plus = (a: Id, b: Id) => direction.emit(add, none, [a, b], 'sum');
  const [update, reset] = [0, 1].map((i) => direction.emit(sigmoid, {}, [plus(own[i], recalled[i])], 'gate'));
  const gated = direction.emit(mul, none, [reset, recalled[2]], 'reset');
  return next(direction, update, direction.emit(tanh, {}, [plus(own[2], gated)], 'candidate'), hidden);
}

function resetBefore(direction: Direction, x: Id, hidden: Id | undefined): Id {
  const [gates, candidate] = direction.parts(x, [2, 1]);
  const plus = (a: Id, state: Id, first: number, count: number) =>
    direction.emit(
      add,
      none,
      [a, direction.emit(dense, none, [state, direction.weight(1, first, count)], 'recurrent')],
      'sum',
    );
  const sum = hidden ? plus(gates, hidden, 0, 2) : gates;
  const [update, reset] = direction.parts(direction.emit(sigmoid, {}, [sum], 'gates'), [1, 1]);
  const gated = hidden && direction.emit(mul, none, [reset, hidden], 'reset');
  const whole = gated ? plus(candidate, gated, 2, 1) : candidate;
  return next(direction, update, direction.emit(tanh, {}, [whole], 'candidate'), hidden);
}

/** z h + (1 - z) g, as g + z (h - g). */
function next(direction: Direction, update: Id, fresh: Id, hidden: Id | undefined): Id {
  if (!hidden)
    return direction.emit(sub, none, [fresh, direction.emit(mul, none, [update, fresh], 'lost')], 'hidden');
  const change = direction.emit(sub, none, [hidden, fresh], 'change');
  return direction.emit(add, none, [fresh, direction.emit(mul, none, [update, change], 'kept')], 'hidden');
}
