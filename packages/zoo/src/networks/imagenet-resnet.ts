import type { Model } from '@whittle/core';
import { bottleneckBlock, imagenetStem, residualBlock } from '../blocks/index.js';
import { buildClassifier } from '../classifier.js';
import type { ClassifierOptions } from '../classifier.js';
import { globalAveragePool } from '../layers/index.js';
import { expectInteger } from '../network.js';

export interface ImagenetResNetOptions extends ClassifierOptions {
  /** Channels of the first convolution; those of the stages go by it. 64 unless told. */
  readonly width?: number;
}

/**
 * ResNet-18 for ImageNet (He et al. 2015, table 1) in torchvision's layout: input [batch, 224, 224, 3], a 7 x 7 convolution
 * of stride 2, a 3 x 3 maximum of stride 2, four stages of two blocks; padding on all sides, shortcuts by 1 x 1 convolution
 * and batch norm.
 * @throws OPTION_INVALID
 */
export function resnet18(options: ImagenetResNetOptions = {}): Model {
  return imagenetResNet('resnet-18', [2, 2, 2, 2], false, options);
}

/** As `resnet18`, with stages of 3, 4, 6 and 3 bottlenecks, whose outputs have 4 times `width` and more. @throws OPTION_INVALID */
export function resnet50(options: ImagenetResNetOptions = {}): Model {
  return imagenetResNet('resnet-50', [3, 4, 6, 3], true, options);
}

function imagenetResNet(
  name: string,
  stages: readonly number[],
  bottleneck: boolean,
  { width = 64, ...options }: ImagenetResNetOptions,
): Model {
  expectInteger('width', width, 1);
  return buildClassifier(
    {
      name,
      input: [224, 224, 3],
      classes: 1000,
      features(network, input) {
        let trunk = imagenetStem(network, input, width);
        stages.forEach((blocks, stage) => {
          for (let block = 0; block < blocks; block++)
            trunk = (bottleneck ? bottleneckBlock : residualBlock)(
              network,
              `stage${stage + 1}/block${block + 1}`,
              trunk,
              {
                filters: (bottleneck ? 4 * width : width) << stage,
                stride: stage > 0 && block === 0 ? 2 : 1,
                shortcut: 'normalized-projection',
                centered: true,
              },
            );
        });
        return globalAveragePool(network, 'average', trunk);
      },
    },
    options,
  );
}
