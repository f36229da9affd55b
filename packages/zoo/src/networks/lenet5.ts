import type { Model } from '@whittle/core';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { activationLayer, convLayer, denseLayer, flattenLayer, maxPoolLayer } from '../layers/index.js';

/**
 * LeNet-5 (LeCun et al. 1998, section II.B) as it is built today: relu in place of tanh, maximum in place of trained
 * subsampling, all maps connected, softmax in place of radial basis functions. Input [batch, 28, 28, 1].
 * With 10 classes 61,706 parameters and 416,520 MACs.
 * @throws OPTION_INVALID
 */
export function lenet5(options: ClassifierOptions = {}): Model {
  return buildClassifier(
    {
      name: 'lenet-5',
      input: [28, 28, 1],
      classes: 10,
      features(network, input) {
        const relu = (id: string) => activationLayer(network, `${id}/relu`, id, 'relu');
        const c1 = relu(convLayer(network, 'c1', input, { filters: 6, kernel: [5, 5] }));
        const s2 = maxPoolLayer(network, 's2', c1, { size: 2 });
        const c3 = relu(convLayer(network, 'c3', s2, { filters: 16, kernel: [5, 5], padding: 'valid' }));
        const s4 = maxPoolLayer(network, 's4', c3, { size: 2 });
        const flat = flattenLayer(network, 'flat', s4);
        const c5 = relu(denseLayer(network, 'c5', flat, { units: 120 }));
        return relu(denseLayer(network, 'f6', c5, { units: 84 }));
      },
    },
    options,
  );
}
