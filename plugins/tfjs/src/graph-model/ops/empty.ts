import { tensor } from '@whittle/core';
import type { Dim } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { dtypeOf } from '../value.js';
import type { Known, Operand } from '../value.js';

/** Nothing, of a known value: models hold no values without elements. @throws OP_UNSUPPORTED of computed ones */
export function emptyPart(call: NodeCall, of: Operand, shape: readonly Dim[]): Known {
  const extents = shape.filter((dim) => dim !== 'batch');
  if (of.kind !== 'known' || extents.length < shape.length) throw call.unsupported('an empty result');
  return { kind: 'known', name: call.name, tensor: tensor(dtypeOf(of), extents) };
}

/** A known value without elements; undefined where it is another. */
export function emptyValue(value: Operand): Known | undefined {
  return value.kind === 'known' && value.tensor.data.length === 0 ? value : undefined;
}
