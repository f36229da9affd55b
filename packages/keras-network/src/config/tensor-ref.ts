import { invalid, quote } from '../faults.js';
import type { Json } from './options.js';

/** Names a result: of the i-th call of a layer, the i-th output. */
export class TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly output: number;

  constructor(layer: string, call: number, output: number) {
    this.layer = layer;
    this.call = call;
    this.output = output;
  }
}

/** Names a call. */
export function callKey({ layer, call }: Pick<TensorRef, 'layer' | 'call'>): string {
  return `${call}:${layer}`;
}

/** Nested deeper than this, arguments are taken for damage. */
const deepest = 16;

/** A history as Keras writes it: [layer, call, output, ...]. */
export function historyOf(value: unknown): TensorRef | undefined {
  if (!Array.isArray(value) || value.length < 3) return undefined;
  const [layer, call, output] = value as unknown[];
  return typeof layer === 'string' && isIndex(call) && isIndex(output)
    ? new TensorRef(layer, call, output)
    : undefined;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** All histories in a structure: lists in order, objects by sorted key, as Keras flattens them. */
export function refsIn(where: string, value: unknown, depth = 0): TensorRef[] {
  if (depth > deepest) throw invalid(where, 'tensors nested too deep');
  const ref = historyOf(value);
  if (ref) return [ref];
  if (Array.isArray(value)) return value.flatMap((each) => refsIn(where, each, depth + 1));
  if (typeof value === 'object' && value !== null) {
    const { class_name: kind, config } = value as Json;
    if (kind === '__keras_tensor__')
      return refsIn(where, (config as Json | undefined)?.keras_history, depth + 1);
    return Object.keys(value)
      .sort()
      .flatMap((key) => refsIn(where, (value as Json)[key], depth + 1));
  }
  throw invalid(where, `found ${quote(value)}, expected tensors`);
}

/**
 * Arguments with the tensors in them as references. `isTensor` says whether a list of name and numbers is one, as in
 * files of Keras 2.
 */
export function argumentOf(
  where: string,
  value: unknown,
  isTensor: (ref: TensorRef) => boolean,
  depth = 0,
): unknown {
  if (depth > deepest) throw invalid(where, 'arguments nested too deep');
  const inner = (each: unknown) => argumentOf(where, each, isTensor, depth + 1);
  const ref = historyOf(value);
  if (ref && isTensor(ref)) return ref;
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  const { class_name: kind, config } = value as Json;
  if (kind === '__keras_tensor__') {
    const history = historyOf((config as Json | undefined)?.keras_history);
    if (!history) throw invalid(where, `found ${quote(value)}, expected a tensor's history`);
    return history;
  }
  if (kind === '__tuple__') return inner((value as Json).items);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each)]));
}

/** The references in an argument, in order. */
export function refsOf(argument: unknown): TensorRef[] {
  if (argument instanceof TensorRef) return [argument];
  if (Array.isArray(argument)) return argument.flatMap(refsOf);
  if (typeof argument !== 'object' || argument === null) return [];
  return Object.values(argument).flatMap(refsOf);
}
