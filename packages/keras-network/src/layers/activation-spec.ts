import type { FusedActivation, Id } from '@whittle/core';
import { objectOf, Options } from '../config/options.js';
import type { Json } from '../config/options.js';
import { quote, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import { activationLayers } from './activation-layers.js';
import { activationFunctions } from './activation-functions.js';

/** An activation within a layer: what the op before can carry itself, and what has to follow it. */
export interface InnerActivation {
  readonly fused: FusedActivation;
  after(x: Id): Id;
}

const nothing: InnerActivation = { fused: 'none', after: (x) => x };
/** Functions that ops carry. */
const fusable: Readonly<Record<string, FusedActivation>> = { linear: 'none', relu: 'relu', relu6: 'relu6' };

/** The activation of a layer that ends in an op with a fused one. @throws OP_UNSUPPORTED for functions of one's own */
export function activationOf(call: LayerCall, key = 'activation'): InnerActivation {
  const value = call.options.get(key) ?? 'linear';
  const name = functionName(value);
  if (name === undefined) {
    const layer = objectOf(call.where, value, key);
    return reluOf(layer) ?? { fused: 'none', after: (x) => applyLayer(call, x, layer) };
  }
  if (Object.hasOwn(fusable, name)) return { ...nothing, fused: fusable[name] };
  return { fused: 'none', after: (x) => applyFunction(call, x, name) };
}

/** Applies an activation as the configuration has it: a function's name, or a layer. */
export function applyActivation(call: LayerCall, x: Id, value: unknown): Id {
  const name = functionName(value ?? 'linear');
  if (name === undefined) return applyLayer(call, x, objectOf(call.where, value, 'activation'));
  return name === 'linear' ? x : applyFunction(call, x, name);
}

/** The name of a function; undefined where it is a layer. */
function functionName(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { class_name: kind, config, module } = (value ?? {}) as Json;
  const known = module === undefined || module === null || /^(keras|tf_keras|builtins)/.test(String(module));
  return kind === 'function' && typeof config === 'string' && known ? config : undefined;
}

function applyFunction(call: LayerCall, x: Id, name: string): Id {
  if (!Object.hasOwn(activationFunctions, name))
    throw unsupported(call.where, `activation ${quote(name)} is not one of Keras'`);
  return activationFunctions[name](call, x);
}

function applyLayer(call: LayerCall, x: Id, { class_name: kind, config }: Json): Id {
  if (typeof kind !== 'string' || !Object.hasOwn(activationLayers, kind))
    throw unsupported(call.where, `activation ${quote(kind)} is not one of Keras'`);
  const options = new Options(call.where, objectOf(call.where, config, 'activation'));
  return activationLayers[kind](call, x, options);
}

/** A ReLU layer that is no more than a fused activation. */
function reluOf({ class_name: kind, config }: Json): InnerActivation | undefined {
  if (kind !== 'ReLU') return undefined;
  const { max_value: top, negative_slope: slope, threshold } = (config ?? {}) as Json;
  if (Number(slope ?? 0) !== 0 || Number(threshold ?? 0) !== 0) return undefined;
  if (top === undefined || top === null) return { ...nothing, fused: 'relu' };
  return Number(top) === 6 ? { ...nothing, fused: 'relu6' } : undefined;
}
