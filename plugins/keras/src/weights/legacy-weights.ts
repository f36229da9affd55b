import { invalid, orderedVariables, WeightsBuilder } from '@whittle/keras-network';
import type { LayerWeights, NetworkConfig } from '@whittle/keras-network';
import type { Hdf5File } from '../hdf5/hdf5-file.js';

const root = 'model_weights';

/** States of random generators are saved among the weights. */
const seeds = /(StateVar|seed_generator_state)(:\d+)?$/;

/** The weights in an .h5 model: a group for each layer, with a list of the names in it. */
export function readLegacyWeights(file: Hdf5File, network: NetworkConfig, major: number): LayerWeights {
  if (!file.hasGroup(root)) throw invalid('HDF5', `no group ${root}`);
  const weights = new WeightsBuilder();
  for (const layer of network.layers) {
    const variables = layer.implicit ? [] : orderedVariables(layer, major);
    if (variables.length === 0) continue;
    const group = `${root}/${layer.name}`;
    const names = (file.texts(group, 'weight_names') ?? []).filter((name) => !seeds.test(name));
    if (names.length !== variables.length) {
      const expected = variables.map(({ name }) => name).slice(0, 8);
      throw invalid(
        layer.name,
        `${names.length} weights in the file, expected ${variables.length} (${expected.join(', ')})`,
      );
    }
    variables.forEach((variable, i) => {
      const value = file.tensor(`${group}/${names[i]}`);
      if (!value) throw invalid(layer.name, `no weight ${names[i]} in the file`);
      weights.set(variable.layer, variable.name, value);
    });
  }
  return weights.finish();
}
