import {
  averagePool2d,
  batchNorm,
  depthToSpace,
  localResponseNorm,
  maxPool2d,
  resizeBilinear,
  resizeNearest,
} from '@whittle/core';
import type { OpDefinition, PoolAttributes, ResizeAttributes } from '@whittle/core';
import { largestExtent } from '../node-call.js';
import type { NodeCall } from '../node-call.js';
import type { Operand } from '../value.js';
import { expectReal } from './arithmetic.js';
import { expectChannelsLast, imagePair, paddingOf } from './convolution.js';
import type { OpReader, OpReaders } from './op-reader.js';

function pool(op: OpDefinition<PoolAttributes>): OpReader {
  return (call) => {
    expectChannelsLast(call);
    const attributes = {
      size: imagePair(call, 'ksize'),
      strides: imagePair(call, 'strides'),
      padding: paddingOf(call),
      activation: 'none',
    } as const;
    return call.apply(op, attributes, [expectReal(call, call.operand(0))], { isLinear: true });
  };
}

function resized(op: OpDefinition<ResizeAttributes>): OpReader {
  return (call) => {
    const size = call.integers(1, 'a size');
    const [height, width] = size;
    if (size.length !== 2 || size.some((extent) => extent < 1 || extent > largestExtent))
      throw call.invalid(`an image of ${size.join(' x ')}`);
    const alignCorners = call.attributes.boolean('align_corners');
    const halfPixelCenters = call.attributes.boolean('half_pixel_centers');
    if (alignCorners && halfPixelCenters) throw call.invalid('align_corners and half_pixel_centers at once');
    const x = expectReal(call, call.operand(0));
    return call.apply(op, { size: [height, width], alignCorners, halfPixelCenters }, [x]);
  };
}

const roles = [undefined, 'scale', 'offset', 'mean', 'variance'] as const;

/** In inference: mean and variance are known. */
function normalized(call: NodeCall): Operand {
  expectChannelsLast(call);
  const statistics = [1, 2, 3, 4].map((i) => call.known(i, 'a scale, offset, mean or variance'));
  if (statistics.some(({ tensor: { data } }) => data.length === 0))
    throw call.unsupported('the statistics of the batch itself, as in training');
  const epsilon = call.attributes.number('epsilon', 0.001);
  if (!(epsilon > 0)) throw call.unsupported(`an epsilon of ${epsilon}`);
  const operands = [expectReal(call, call.operand(0)), ...statistics];
  return call.apply(batchNorm, { epsilon }, operands, { roles, isLinear: true });
}

const localResponses: OpReader = (call) => {
  const { attributes } = call;
  const radius = attributes.integer('depth_radius', 5);
  if (radius < 0 || radius > largestExtent) throw call.invalid(`a radius of ${radius}`);
  const [bias, alpha, beta] = [
    attributes.number('bias', 1),
    attributes.number('alpha', 1),
    attributes.number('beta', 0.5),
  ];
  return call.apply(localResponseNorm, { radius, bias, alpha, beta }, [expectReal(call, call.operand(0))]);
};

const unfolded: OpReader = (call) => {
  expectChannelsLast(call);
  const blockSize = call.attributes.integer('block_size', 0);
  if (blockSize < 1 || blockSize > largestExtent) throw call.invalid(`a block of ${blockSize}`);
  return call.apply(depthToSpace, { blockSize }, [call.operand(0)]);
};

export const imageReaders: OpReaders = {
  AvgPool: pool(averagePool2d),
  MaxPool: pool(maxPool2d),
  ResizeBilinear: resized(resizeBilinear),
  ResizeNearestNeighbor: resized(resizeNearest),
  FusedBatchNorm: normalized,
  FusedBatchNormV2: normalized,
  FusedBatchNormV3: normalized,
  LRN: localResponses,
  DepthToSpace: unfolded,
};
