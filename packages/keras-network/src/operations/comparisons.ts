import * as core from '@whittle/core';
import type { Id, OpDefinition } from '@whittle/core';
import { unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import { argument, operand } from './arguments.js';
import { castTo } from './functions.js';

type Plain = OpDefinition<Record<string, never>>;
type Names = readonly string[];

/** Operands of one type: of two they become floats, as Keras compares them. */
function alike(call: LayerCall, a: Id, b: Id): [Id, Id] {
  if (call.dtype(a) === call.dtype(b)) return [a, b];
  return [castTo(call, a, 'float32'), castTo(call, b, 'float32')];
}

/** A comparison of two arguments, by these names. */
export const comparison =
  (op: Plain, a: Names, b: Names) =>
  (call: LayerCall): Id => {
    const operands = [
      operand(call, argument(call, 0, ...a)),
      operand(call, argument(call, 1, ...b)),
    ] as const;
    return call.node(op.name, op, {}, alike(call, ...operands));
  };

/** Logic of as many arguments as there are lists of names; numbers hold where they aren't 0. */
export const logic =
  (op: Plain, ...names: readonly Names[]) =>
  (call: LayerCall): Id => {
    const operands = names.map((each, i) => castTo(call, operand(call, argument(call, i, ...each)), 'bool'));
    return call.node(op.name, op, {}, operands);
  };

/** A choice by a condition. Without values it would tell where the condition holds, of which there may be any number. */
export const choice =
  (a: string, b: string) =>
  (call: LayerCall): Id => {
    const values = [argument(call, 1, a), argument(call, 2, b)];
    if (values.includes(undefined)) throw unsupported(call.where, 'the places where a condition holds');
    const condition = castTo(call, operand(call, argument(call, 0, 'condition')), 'bool');
    const [x, y] = values.map((value) => operand(call, value));
    return call.node('where', core.where, {}, [condition, ...alike(call, x, y)]);
  };
