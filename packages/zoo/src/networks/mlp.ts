import type { Id, Model } from '@whittle/core';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { activationLayer, batchNormLayer, denseLayer } from '../layers/index.js';
import { expectInteger, expectOption } from '../network.js';

export interface MlpOptions extends Omit<ClassifierOptions, 'classes' | 'input'> {
  /** Whether a batch norm stands between each hidden layer and its relu (as Network Slimming needs); false unless told. */
  readonly batchNorm?: boolean;
}

/**
 * A multilayer perceptron with relu: `units` are the extents of input, hidden layers and output. Input [batch, units[0]],
 * output [batch, units.at(-1)]. `mlp([784, 500, 300, 10])` is the network that Liu et al. 2017 (table 4) slim on MNIST:
 * 545,810 parameters and 545,000 MACs, without batch norm.
 * @throws OPTION_INVALID
 */
export function mlp(units: readonly number[], options: MlpOptions = {}): Model {
  const { batchNorm = false, ...rest } = options;
  expectOption(
    units.length >= 2,
    () => `units must have an input and an output, found [${units.join(', ')}]`,
  );
  units.forEach((count, i) => expectInteger(`units[${i}]`, count, 1));
  return buildClassifier(
    {
      name: `mlp-${units.join('-')}`,
      input: [units[0]],
      classes: units[units.length - 1],
      features: (network, input) =>
        units.slice(1, -1).reduce((from: Id, count, i) => {
          const name = `dense${i + 1}`;
          const sums = denseLayer(network, name, from, { units: count, bias: !batchNorm });
          const normalized = batchNorm ? batchNormLayer(network, `${name}/bn`, sums) : sums;
          return activationLayer(network, `${name}/relu`, normalized, 'relu');
        }, input),
    },
    { ...rest, classes: units[units.length - 1] },
  );
}
