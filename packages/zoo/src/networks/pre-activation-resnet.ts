import type { Model } from '@whittle/core';
import { bnActivation, preActivationBlock, preActivationBottleneck } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import { convLayer, globalAveragePool } from '../layers/index.js';
import { expectInteger } from '../network.js';
import type { ResNetOptions } from './cifar-resnet.js';

/**
 * Pre-activation ResNet-20 for CIFAR (He et al. 2016): a 3 x 3 convolution and three stages of three blocks, batch norm and
 * relu in front of every other convolution and behind the last; shortcuts by 1 x 1 convolutions without bias, from the
 * trunk itself, unless told.
 * @throws OPTION_INVALID
 */
export function preActivationResnet20(options: ResNetOptions = {}): Model {
  return preActivationResNet('pre-activation-resnet-20', 3, false, options);
}

/** As `preActivationResnet20`, with 9 blocks a stage. @throws OPTION_INVALID */
export function preActivationResnet56(options: ResNetOptions = {}): Model {
  return preActivationResNet('pre-activation-resnet-56', 9, false, options);
}

/**
 * As `preActivationResnet20`, with 18 bottlenecks a stage, whose outputs have 4 times `width`, 8 and 16 times: the
 * ResNet-164 that Network Slimming prunes (Liu et al. 2017, section 4.2).
 * @throws OPTION_INVALID
 */
export function preActivationResnet164(options: ResNetOptions = {}): Model {
  return preActivationResNet('pre-activation-resnet-164', 18, true, options);
}

function preActivationResNet(
  name: string,
  blocks: number,
  bottleneck: boolean,
  { width = 16, shortcut = 'linear-projection', ...options }: ResNetOptions,
): Model {
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name,
      input: [32, 32, 3],
      classes: 10,
      features(network, input) {
        let trunk = convLayer(network, 'conv1', input, { filters: width, kernel: [3, 3], bias: false });
        for (let stage = 0; stage < 3; stage++)
          for (let block = 0; block < blocks; block++) {
            const filters = (bottleneck ? 4 * width : width) << stage;
            const stride = stage > 0 && block === 0 ? 2 : 1;
            const add = bottleneck ? preActivationBottleneck : preActivationBlock;
            const id = `stage${stage + 1}/block${block + 1}`;
            trunk = add(network, id, trunk, { filters, stride, shortcut });
          }
        return globalAveragePool(network, 'average', bnActivation(network, 'last', trunk));
      },
    },
    options,
  );
}
