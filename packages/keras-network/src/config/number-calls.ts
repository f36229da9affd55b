import type { LayerConfig, NetworkConfig } from './network-config.js';
import { callKey, refsOf, TensorRef } from './tensor-ref.js';

type Numbered = Pick<NetworkConfig, 'layers' | 'inputs' | 'outputs'>;

/**
 * Models that are layers count a call of their own, from before they were used, that the file doesn't have: Keras 2
 * everywhere, of all models with an input layer; Keras 3 only in a model's outputs, of functional ones.
 */
export function withCallsNumbered(
  layers: readonly LayerConfig[],
  inputs: readonly TensorRef[],
  outputs: readonly TensorRef[],
  legacy: boolean,
): Numbered {
  if (!legacy) {
    const byName = new Map(layers.map((layer) => [layer.name, layer]));
    return { layers, inputs, outputs: outputs.map((ref) => counted(byName.get(ref.layer), ref)) };
  }
  const refs = [
    ...outputs,
    ...layers.flatMap(({ calls }) => calls.flatMap(({ args, kwargs }) => refsOf([args, kwargs]))),
  ];
  const used = new Set(refs.map(callKey));
  const numbered = layers.map((layer) => {
    if (!layer.network) return layer;
    const isUsed = (call: number) => used.has(callKey({ layer: layer.name, call }));
    // Versions differ for sequential models: a call 0, or one beyond the last, tells.
    const fromOne = !isUsed(0) && (isUsed(layer.calls.length) || beginsWithInput(layer));
    return fromOne ? { ...layer, firstCall: 1 } : layer;
  });
  return { layers: numbered, inputs, outputs };
}

function beginsWithInput({ network }: LayerConfig): boolean {
  const first = network?.layers[0];
  return first?.className === 'InputLayer' && !first.implicit;
}

function counted(layer: LayerConfig | undefined, ref: TensorRef): TensorRef {
  const shifts = layer?.className === 'Functional' && ref.call > 0;
  return shifts ? new TensorRef(ref.layer, ref.call - 1, ref.output) : ref;
}
