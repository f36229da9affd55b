import { invalid, isOperation, ownVariables, readerOf, WeightsBuilder } from '@whittle/keras-network';
import type { LayerConfig, LayerWeights, NetworkConfig } from '@whittle/keras-network';
import type { Hdf5File } from '../hdf5/hdf5-file.js';

/** Where a model's layers are; the second is what Keras 2.12 wrote. */
const roots = ['layers', '_layer_checkpoint_dependencies'];

/** The weights in the `model.weights.h5` of a .keras file: groups by class and number, in them weights by number. */
export function readArchiveWeights(file: Hdf5File, network: NetworkConfig): LayerWeights {
  const weights = new WeightsBuilder();
  readNetwork(file, network, '', weights);
  return weights.finish();
}

function readNetwork(file: Hdf5File, network: NetworkConfig, path: string, weights: WeightsBuilder): void {
  const root = roots.map((name) => path + name).find((each) => file.hasGroup(each)) ?? path + roots[0];
  const counts = new Map<string, number>();
  for (const layer of network.layers) {
    if (layer.implicit || isOperation(layer)) continue;
    const name = snakeCase(layer.className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    readLayer(file, layer, `${root}/${count === 0 ? name : `${name}_${count}`}`, weights);
  }
}

function readLayer(file: Hdf5File, layer: LayerConfig, path: string, weights: WeightsBuilder): void {
  if (layer.network) return readNetwork(file, layer.network, `${path}/`, weights);
  const group = readerOf(layer)?.group;
  const own = group === undefined ? path : `${path}/${group}`;
  ownVariables(layer).forEach(({ name }, i) => {
    const value = file.tensor(`${own}/vars/${i}`);
    if (!value) throw invalid(layer.name, `no ${name} in the file (${own}/vars/${i})`);
    weights.set(layer, name, value);
  });
  for (const { attribute, layer: inner } of layer.inner)
    readLayer(file, inner, `${path}/${attribute}`, weights);
}

/** A class name as Keras turns it into that of a group. */
function snakeCase(className: string): string {
  return className
    .replace(/^.*>/, '')
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
