import { invalid } from '../faults.js';
import type { CallConfig, LayerConfig, NetworkConfig } from './network-config.js';
import { callKey, refsOf } from './tensor-ref.js';
import type { TensorRef } from './tensor-ref.js';

/** A call of a layer, and which one of its calls it is. Inputs have one call without arguments. */
export interface OrderedCall {
  readonly key: string;
  readonly layer: LayerConfig;
  readonly index: number;
  readonly call: CallConfig;
}

const noArguments: CallConfig = { args: [], kwargs: {} };

/** All calls that the outputs need, each after those that it reads. @throws FORMAT_INVALID for a cycle, or what is missing */
export function orderCalls(network: NetworkConfig): OrderedCall[] {
  const calls = new Map<string, OrderedCall>();
  for (const layer of network.layers) {
    const all = layer.className === 'InputLayer' ? [noArguments] : layer.calls;
    all.forEach((call, index) => {
      const key = callKey({ layer: layer.name, call: layer.firstCall + index });
      calls.set(key, { key, layer, index, call });
    });
  }
  const ordered: OrderedCall[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const find = (ref: TensorRef): readonly [string, OrderedCall] => {
    const key = callKey(ref);
    const call = calls.get(key);
    if (!call) throw invalid(network.name, `call ${ref.call} of layer '${ref.layer}' is not in the file`);
    return [key, call];
  };
  // A stack of its own: files may be deeper than calls may be nested.
  const stack = [...network.inputs, ...network.outputs].reverse().map(find);
  while (stack.length > 0) {
    const [key, call] = stack[stack.length - 1];
    const known = state.get(key);
    if (known === undefined) {
      state.set(key, 'open');
      for (const ref of refsOf([call.call.args, call.call.kwargs]).reverse()) {
        const needed = find(ref);
        if (state.get(needed[0]) === 'open') throw invalid(ref.layer, 'reads its own result');
        if (!state.has(needed[0])) stack.push(needed);
      }
      continue;
    }
    stack.pop();
    if (known === 'open') {
      state.set(key, 'done');
      ordered.push(call);
    }
  }
  return ordered;
}
