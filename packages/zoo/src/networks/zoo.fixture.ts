import type { Model } from '@whittle/core';
import type { NetworkOptions } from '../network.js';
import * as zoo from './index.js';

/** What others say of a network: as many digits as they give. */
export interface Published {
  readonly by: string;
  readonly trainable?: string;
  /** Running statistics included. */
  readonly all?: string;
  readonly macs?: string;
}

export interface ZooEntry {
  /** As the README has it. */
  readonly call: string;
  build(options: NetworkOptions): Model;
  /** One of the same kind that is evaluated in milliseconds; none where another entry has it. */
  readonly small?: (options: NetworkOptions) => Model;
  readonly source: string;
  readonly published?: readonly Published[];
}

const entry = (
  call: string,
  source: string,
  build: ZooEntry['build'],
  small?: ZooEntry['small'],
  ...published: readonly Published[]
): ZooEntry => ({ call, source, build, small, published });

const tiny = { input: [8, 8, 3], classes: 3 } as const;
const image = { input: [32, 32, 3], classes: 3 } as const;

/** Networks for images of CIFAR's size and below. */
const little: readonly ZooEntry[] = [
  entry('digitsNet()', 'this package: four convolutions with batch norm', zoo.digitsNet, (o) =>
    zoo.digitsNet({ ...o, width: 2 }),
  ),
  entry('lenet5()', 'LeCun et al. 1998, as it is built today', zoo.lenet5, zoo.lenet5),
  entry(
    'mlp([784, 500, 300, 10])',
    'Liu et al. 2017, table 4',
    (o) => zoo.mlp([784, 500, 300, 10], o),
    (o) => zoo.mlp([8, 5, 3], { ...o, batchNorm: true }),
  ),
  entry('dsCnn()', 'MLPerf Tiny, keyword spotting', zoo.dsCnn, (o) => zoo.dsCnn({ ...o, width: 4 })),
  entry('resnet8()', 'MLPerf Tiny, image classification', zoo.resnet8, (o) =>
    zoo.resnet8({ ...o, ...tiny, width: 2 }),
  ),
  entry(
    'resnet20()',
    'He et al. 2015, section 4.2',
    zoo.resnet20,
    (o) => zoo.resnet20({ ...o, ...tiny, width: 2 }),
    { by: 'He et al. 2015', trainable: '0.27 M' },
  ),
  entry(
    "resnet20({ shortcut: 'projection' })",
    'the same with 1 x 1 convolutions as shortcuts',
    (o) => zoo.resnet20({ ...o, shortcut: 'projection' }),
    (o) => zoo.resnet20({ ...o, ...tiny, width: 2, shortcut: 'projection' }),
  ),
  entry('resnet32()', 'He et al. 2015', zoo.resnet32, (o) => zoo.resnet32({ ...o, ...tiny, width: 2 }), {
    by: 'He et al. 2015',
    trainable: '0.46 M',
  }),
  entry('resnet56()', 'He et al. 2015', zoo.resnet56, (o) => zoo.resnet56({ ...o, ...tiny, width: 1 }), {
    by: 'He et al. 2015',
    trainable: '0.85 M',
  }),
  entry('resnet110()', 'He et al. 2015', zoo.resnet110, (o) => zoo.resnet110({ ...o, ...tiny, width: 1 }), {
    by: 'He et al. 2015',
    trainable: '1.7 M',
  }),
  entry('seResnet20()', 'Hu et al. 2018, squeeze and excitation', zoo.seResnet20, (o) =>
    zoo.seResnet20({ ...o, ...tiny, width: 2, reduction: 2 }),
  ),
  entry('preActivationResnet20()', 'He et al. 2016', zoo.preActivationResnet20, (o) =>
    zoo.preActivationResnet20({ ...o, ...tiny, width: 2 }),
  ),
  entry('preActivationResnet56()', 'He et al. 2016', zoo.preActivationResnet56, (o) =>
    zoo.preActivationResnet56({ ...o, ...tiny, width: 1 }),
  ),
  entry(
    'preActivationResnet164()',
    'He et al. 2016, bottlenecks',
    zoo.preActivationResnet164,
    (o) => zoo.preActivationResnet164({ ...o, ...tiny, width: 1 }),
    { by: 'Liu et al. 2017', trainable: '1.70 M' },
  ),
  entry('vgg16Slim()', '`vgg16` of a quarter of the width', zoo.vgg16Slim, (o) =>
    zoo.vgg16Slim({ ...o, input: [16, 16, 3], width: 1 }),
  ),
  entry('vgg16()', 'Simonyan and Zisserman 2015, for CIFAR', zoo.vgg16, (o) =>
    zoo.vgg16({ ...o, input: [16, 16, 3], width: 1 }),
  ),
  entry(
    'vgg19()',
    'the same, as Network Slimming has it',
    zoo.vgg19,
    (o) => zoo.vgg19({ ...o, input: [16, 16, 3], width: 2 }),
    { by: 'Liu et al. 2017', trainable: '20.04 M' },
  ),
  entry(
    'densenet40()',
    'Huang et al. 2017',
    zoo.densenet40,
    (o) => zoo.densenet40({ ...o, ...tiny, growth: 1, width: 2 }),
    { by: 'Liu et al. 2017', trainable: '1.02 M' },
  ),
  entry('stereoNet()', 'this package: two inputs, two outputs, shared weights', zoo.stereoNet, (o) =>
    zoo.stereoNet({ ...o, input: [16, 16, 1], width: 2 }),
  ),
];

/** Networks for larger images. */
const large: readonly ZooEntry[] = [
  entry(
    'resnet18()',
    'He et al. 2015, for ImageNet',
    zoo.resnet18,
    (o) => zoo.resnet18({ ...o, ...image, width: 2 }),
    { by: 'torchvision', trainable: '11,689,512', macs: '1.81 G' },
  ),
  entry(
    'resnet50()',
    'He et al. 2015, for ImageNet',
    zoo.resnet50,
    (o) => zoo.resnet50({ ...o, ...image, width: 2 }),
    { by: 'torchvision', trainable: '25,557,032', macs: '4.09 G' },
  ),
  entry(
    'vgg19Imagenet()',
    'Simonyan and Zisserman 2015, with batch norm',
    zoo.vgg19Imagenet,
    (o) => zoo.vgg19Imagenet({ ...o, ...image, width: 1 }),
    { by: 'torchvision', trainable: '143,678,248', macs: '19.63 G' },
  ),
  entry(
    'densenet121()',
    'Huang et al. 2017, for ImageNet',
    zoo.densenet121,
    (o) => zoo.densenet121({ ...o, ...image, growth: 1 }),
    { by: 'torchvision', trainable: '7,978,856', macs: '2.83 G' },
    { by: 'Keras', all: '8,062,504' },
  ),
  entry(
    'mobilenetV1()',
    'Howard et al. 2017',
    zoo.mobilenetV1,
    (o) => zoo.mobilenetV1({ ...o, ...image, alpha: 0.1 }),
    { by: 'Howard et al. 2017', trainable: '4.2 M', macs: '569 M' },
    { by: 'Keras', all: '4,253,864' },
  ),
  entry(
    'mobilenetV1({ alpha: 0.25 })',
    'Howard et al. 2017',
    (o) => zoo.mobilenetV1({ ...o, alpha: 0.25 }),
    undefined,
    { by: 'Howard et al. 2017', trainable: '0.5 M', macs: '41 M' },
    { by: 'Keras', all: '475,544' },
  ),
  entry(
    'mobilenetV1({ alpha: 0.25, input: [96, 96, 3], classes: 2 })',
    'MLPerf Tiny, visual wake words',
    (o) => zoo.mobilenetV1({ ...o, alpha: 0.25, input: [96, 96, 3], classes: 2 }),
    undefined,
  ),
  entry(
    'mobilenetV2()',
    'Sandler et al. 2018',
    zoo.mobilenetV2,
    (o) => zoo.mobilenetV2({ ...o, ...image, alpha: 0.1 }),
    { by: 'torchvision', trainable: '3,504,872', macs: '0.30 G' },
    { by: 'Keras', all: '3,538,984' },
  ),
  entry(
    'mobilenetV2({ alpha: 0.35 })',
    'Sandler et al. 2018',
    (o) => zoo.mobilenetV2({ ...o, alpha: 0.35 }),
    undefined,
    { by: 'Keras', all: '1,691,208' },
  ),
  entry(
    'mobilenetV3Small()',
    'Howard et al. 2019',
    zoo.mobilenetV3Small,
    (o) => zoo.mobilenetV3Small({ ...o, ...image, alpha: 0.1 }),
    { by: 'torchvision', trainable: '2,542,856', macs: '0.06 G' },
    { by: 'Keras', all: '2,554,968' },
  ),
  entry(
    'efficientnetB0()',
    'Tan and Le 2019',
    zoo.efficientnetB0,
    (o) => zoo.efficientnetB0({ ...o, ...image, alpha: 0.1 }),
    { by: 'torchvision', trainable: '5,288,548', macs: '0.39 G' },
  ),
  entry(
    'shufflenetV1()',
    'Zhang et al. 2018, three groups',
    zoo.shufflenetV1,
    (o) => zoo.shufflenetV1({ ...o, ...image, scale: 0.25 }),
    { by: 'Zhang et al. 2018', macs: '137 M' },
  ),
  entry(
    'shufflenetV1({ groups: 1 })',
    'Zhang et al. 2018',
    (o) => zoo.shufflenetV1({ ...o, groups: 1 }),
    (o) => zoo.shufflenetV1({ ...o, ...image, groups: 1, scale: 0.25 }),
    { by: 'Zhang et al. 2018', macs: '143 M' },
  ),
  entry(
    'shufflenetV2()',
    'Ma et al. 2018',
    zoo.shufflenetV2,
    (o) => zoo.shufflenetV2({ ...o, ...image, scale: 0.5, width: 4 }),
    { by: 'torchvision', trainable: '2,278,604', macs: '0.14 G' },
  ),
  entry(
    'shufflenetV2({ scale: 0.5 })',
    'Ma et al. 2018',
    (o) => zoo.shufflenetV2({ ...o, scale: 0.5 }),
    undefined,
    { by: 'torchvision', trainable: '1,366,792', macs: '0.04 G' },
  ),
  entry('unet()', 'Ronneberger et al. 2015, with batch norm', zoo.unet, (o) =>
    zoo.unet({ ...o, ...tiny, width: 2, depth: 2 }),
  ),
  entry('cycleganGenerator()', 'Zhu et al. 2017, norms with scales', zoo.cycleganGenerator, (o) =>
    zoo.cycleganGenerator({ ...o, input: [16, 16, 3], width: 2, blocks: 2 }),
  ),
];

export const entries: readonly ZooEntry[] = [...little, ...large];
