import {
  batchNorm,
  groupNorm,
  instanceNorm,
  l2Normalize,
  layerNorm,
  localResponseNorm,
  logSoftmax,
  softmax,
} from '@whittle/core';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';

const epsilonOf = ({ draw }: NetworkDraw) => draw.pick(1e-5, 1e-3);
const scaleAndOffset = (network: NetworkDraw, shape: readonly number[]) => [
  network.between(shape, 0.5, 1.5, 'scale'),
  network.weight(shape, 0.3, 'offset'),
];

const batch = opDraw(batchNorm, (network) => {
  const x = network.float(2, 3, 4);
  if (!x) return undefined;
  const shape = x.shape.slice(-1);
  const statistics = [network.weight(shape, 0.5, 'mean'), network.between(shape, 0.2, 2, 'variance')];
  return network.add(batchNorm, { epsilon: epsilonOf(network) }, [
    x,
    ...scaleAndOffset(network, shape),
    ...statistics,
  ]);
});

const instance = opDraw(instanceNorm, (network) => {
  const x = network.float(3, 4);
  return (
    x &&
    network.add(instanceNorm, { epsilon: epsilonOf(network) }, [
      x,
      ...scaleAndOffset(network, x.shape.slice(-1)),
    ])
  );
});

const group = opDraw(groupNorm, (network) => {
  const x = network.float(3, 4);
  if (!x) return undefined;
  const channels = x.shape[x.shape.length - 1];
  const groups = network.draw.pick(...[1, 2, 3, channels].filter((count) => channels % count === 0));
  return network.add(groupNorm, { groups, epsilon: epsilonOf(network) }, [
    x,
    ...scaleAndOffset(network, [channels]),
  ]);
});

const layer = opDraw(layerNorm, (network) => {
  const x = network.float(2, 3, 4);
  if (!x) return undefined;
  const axis = network.draw.pick(x.shape.length - 1, network.draw.between(1, x.shape.length - 1));
  const parameters = scaleAndOffset(network, x.shape.slice(axis));
  return network.add(layerNorm, { axis, epsilon: epsilonOf(network) }, [x, ...parameters]);
});

const soft = opDraw(softmax, (network) => {
  const x = network.float(2, 3, 4);
  return x && network.add(softmax, { beta: network.draw.pick(1, 1, 0.5, 2) }, [x]);
});

const logarithmic = opDraw(logSoftmax, (network) => {
  const x = network.float(2, 3, 4);
  return x && network.add(logSoftmax, {}, [x]);
});

const lengths = opDraw(l2Normalize, (network) => {
  const x = network.float(2, 3, 4);
  return x && network.add(l2Normalize, {}, [x]);
});

const local = opDraw(localResponseNorm, (network) => {
  const { draw } = network;
  const x = network.float(4);
  if (!x) return undefined;
  const attributes = {
    radius: draw.between(1, 3),
    bias: draw.pick(1, 2),
    alpha: 0.1,
    beta: draw.pick(0.5, 0.75),
  };
  return network.add(localResponseNorm, attributes, [x]);
});

export const normalizationDraws = [
  batch,
  batch,
  instance,
  group,
  layer,
  soft,
  logarithmic,
  lengths,
  local,
] as const;
