import { invalid, quote } from '../faults.js';
import type { CallConfig } from './network-config.js';
import { objectOf } from './options.js';
import type { Json } from './options.js';
import { argumentOf, TensorRef } from './tensor-ref.js';

/** What Keras 2 writes for a name where the first argument is no tensor. */
const constantName = '_CONSTANT_VALUE';

/** The calls of a layer, from `inbound_nodes` of Keras 3 or Keras 2. `names`: of the layers around it. */
export function readCalls(where: string, value: unknown, names: ReadonlySet<string>): CallConfig[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(where, `inbound_nodes: found ${quote(value)}, expected a list`);
  const isTensor = ({ layer }: TensorRef) => names.has(layer);
  return value.map((node: unknown) =>
    Array.isArray(node)
      ? legacyCall(where, node, isTensor)
      : currentCall(where, objectOf(where, node, 'inbound_nodes'), isTensor),
  );
}

/** Whether layers have their calls as Keras 2 writes them. */
export function isLegacy(entries: readonly Json[]): boolean {
  const nodes = entries.flatMap(({ inbound_nodes: calls }) =>
    Array.isArray(calls) ? (calls as unknown[]) : [],
  );
  return nodes.some((node) => Array.isArray(node));
}

/** Keras 3: {args, kwargs}. */
function currentCall(where: string, node: Json, isTensor: (ref: TensorRef) => boolean): CallConfig {
  const args: unknown = argumentOf(where, node.args ?? [], isTensor);
  const kwargs = argumentOf(where, node.kwargs ?? {}, isTensor);
  if (!Array.isArray(args)) throw invalid(where, `args: found ${quote(args)}, expected a list`);
  return { args: args as unknown[], kwargs: objectOf(where, kwargs, 'kwargs') };
}

/**
 * Keras 2: [[layer, call, output, kwargs], ...], the first argument's tensors; or one such entry by itself, of a
 * TensorFlow function.
 */
function legacyCall(where: string, node: unknown[], isTensor: (ref: TensorRef) => boolean): CallConfig {
  const alone = typeof node[0] === 'string';
  const entries = alone ? [node] : node;
  const first = entries.map((entry) => legacyArgument(where, entry, isTensor));
  const last = entries.length > 0 ? (entries[0] as unknown[])[3] : {};
  const kwargs = argumentOf(where, last ?? {}, isTensor);
  return {
    args: first.length === 1 ? first : [first],
    kwargs: objectOf(where, kwargs, 'arguments'),
  };
}

function legacyArgument(where: string, entry: unknown, isTensor: (ref: TensorRef) => boolean): unknown {
  if (!Array.isArray(entry) || entry.length < 3)
    throw invalid(where, `inbound_nodes: found ${quote(entry)}, expected [layer, call, output]`);
  if (entry[0] === constantName) return entry[2];
  const ref = argumentOf(where, entry, isTensor);
  if (!(ref instanceof TensorRef)) throw invalid(where, `reads ${quote(entry[0])}, which is no layer`);
  return ref;
}
