import { sizeOf, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { layersIn, ownVariables, WeightsBuilder } from '@whittle/keras-network';
import type { LayerConfig, LayerWeights, NetworkConfig, Variable } from '@whittle/keras-network';
import { invalid } from '../faults.js';
import type { NamedWeights } from '../weights/decode-weights.js';

/** A layer's weight, by the name that it has in the file. */
interface Slot {
  readonly variable: Variable;
  value?: Tensor<'float32'>;
}

/**
 * The weights of a network's layers, by their names: 'dense/kernel'. Layers of inner models go by their own names alone;
 * directions of a wrapped recurrent layer have the wrapper's in front, and what is applied at each step goes by the wrapper's. Files of TensorFlow 2.2 and later have the name of a recurrent layer's cell
 * before the last part.
 * @throws FORMAT_INVALID where a weight is missing, or is of no layer
 */
export function matchWeights(network: NetworkConfig, named: NamedWeights): LayerWeights {
  const slots = new Map<string, Slot>();
  for (const layer of network.layers) addSlots(layer, layer.name, slots);
  for (const [name, value] of named) {
    const slot = slots.get(name) ?? slots.get(withoutCell(name));
    if (!slot) throw invalid(name, 'a weight that no layer of the model has');
    if (slot.value)
      throw invalid(name, `a second weight for ${slot.variable.name} of ${slot.variable.layer.name}`);
    slot.value = realTensor(name, value);
  }
  const weights = new WeightsBuilder();
  const missing: string[] = [];
  const distinct = new Set(slots.values());
  for (const { variable, value } of distinct) {
    if (value) weights.set(variable.layer, variable.name, value);
    else missing.push(`${variable.layer.name}/${variable.name}`);
  }
  if (missing.length > 0) {
    const some = missing.slice(0, 8).join(', ');
    throw invalid('weights', `${missing.length} of ${distinct.size} missing: ${some}`);
  }
  return weights.finish();
}

/** `name`: what the names of the layer's weights begin with. */
function addSlots(layer: LayerConfig, name: string, slots: Map<string, Slot>): void {
  if (layer.implicit) return;
  for (const variable of ownVariables(layer)) {
    const key = `${name}/${variable.name}`;
    const slot: Slot = { variable };
    for (const each of [key, ...otherNames(layer, name, variable)]) {
      if (slots.has(each)) throw invalid(each, 'two layers have a weight of this name');
      slots.set(each, slot);
    }
  }
  for (const inner of layersIn(layer)) {
    const isAlone = layer.network !== undefined || inner.network !== undefined;
    const within = layer.className === 'TimeDistributed' ? name : `${name}/${inner.name}`;
    addSlots(inner, isAlone ? inner.name : within, slots);
  }
}

/** A depthwise kernel is called so up to Keras 2. */
function otherNames({ className }: LayerConfig, path: string, { name }: Variable): string[] {
  return className.startsWith('DepthwiseConv') && name === 'kernel' ? [`${path}/depthwise_kernel`] : [];
}

function withoutCell(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), parts[parts.length - 1]].join('/');
}

function realTensor(name: string, value: Tensor | undefined): Tensor<'float32'> {
  if (!value) throw invalid(name, 'a weight of texts or complex numbers');
  if (value.dtype === 'float32') return value as Tensor<'float32'>;
  const data = new Float32Array(sizeOf(value.shape));
  for (let i = 0; i < data.length; i++) data[i] = Number(value.data[i]);
  return tensor('float32', value.shape, data);
}
