import { float32 } from '@whittle/core';
import type { Id } from '@whittle/core';
import { TensorRef } from '../config/tensor-ref.js';
import { invalid, quote, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';

/** An argument of a function: by place, by name, or, of Keras 3's operations, an option. */
export function argument(call: LayerCall, index: number, ...names: readonly string[]): unknown {
  const placed = index >= 0 ? call.args[index] : undefined;
  if (placed !== undefined) return placed;
  for (const name of names) {
    const value = call.kwargs[name] ?? call.options.get(name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** An argument as a value: a tensor, or numbers as a constant. */
export function operand(call: LayerCall, value: unknown): Id {
  if (value instanceof TensorRef) return call.tensors(value)[0];
  return call.constant('constant', numbersOf(call, value));
}

function numbersOf(call: LayerCall, value: unknown) {
  if (typeof value === 'number') return value;
  const held = (value as { config?: { value?: unknown } } | null | undefined)?.config?.value ?? value;
  const shape: number[] = [];
  for (let at: unknown = held; Array.isArray(at); at = at[0] as unknown) shape.push(at.length);
  const flat: unknown[] = [held].flat(8);
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (flat.length !== size || !flat.every((each): each is number => typeof each === 'number'))
    throw invalid(call.where, `found ${quote(value)}, expected a tensor or numbers`);
  return float32(shape, flat);
}

export function tensorArgument(call: LayerCall, index: number, ...names: readonly string[]): Id {
  return operand(call, argument(call, index, ...names));
}

/** Axes, as they are counted from the front; all of them where none are told. */
export function axesArgument(call: LayerCall, x: Id, value: unknown): number[] {
  const rank = call.rank(x);
  if (value === undefined || value === null) return Array.from({ length: rank }, (_, axis) => axis);
  return integers(call, value).map((axis) => call.axis(axis, rank));
}

export function integers(call: LayerCall, value: unknown): number[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((each): each is number => Number.isSafeInteger(each)))
    throw list.some((each) => each instanceof TensorRef)
      ? unsupported(call.where, 'shapes or axes that are computed')
      : invalid(call.where, `found ${quote(value)}, expected integers`);
  return list;
}

export function integer(call: LayerCall, value: unknown, otherwise?: number): number {
  return integers(call, value ?? otherwise)[0];
}
