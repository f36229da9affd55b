import { averagePool2d, maxPool2d, mean, reduceMax } from '@whittle/core';
import type { LayerReader } from '../graph/layer-reader.js';
import { channelsFirst, channelsLast, isChannelsFirst, Spatial } from './channels.js';

function pool(axes: 1 | 2, op: typeof averagePool2d): LayerReader {
  return {
    read(call) {
      const spatial = new Spatial(call, axes);
      const size = spatial.pair('pool_size', 2);
      const strides = call.options.has('strides') ? spatial.pair('strides') : size;
      const padding = call.options.oneOf('padding', ['valid', 'same'], 'valid');
      const attributes = { size, strides, padding, activation: 'none' } as const;
      return spatial.onImage(call.input, (x) => call.node('pool', op, attributes, [x]));
    },
  };
}

function globalPool(axes: 1 | 2, op: typeof mean): LayerReader {
  return {
    read(call) {
      call.expectRank(call.input, axes + 2);
      const first = isChannelsFirst(call);
      const x = first ? channelsLast(call, call.input) : call.input;
      const keepDims = call.options.boolean('keepdims', false);
      const reduced: [number, ...number[]] = axes === 1 ? [1] : [1, 2];
      const pooled = call.node('pool', op, { axes: reduced, keepDims }, [x]);
      return first && keepDims ? channelsFirst(call, pooled) : pooled;
    },
  };
}

export const poolingReaders: Readonly<Record<string, LayerReader>> = {
  AveragePooling1D: pool(1, averagePool2d),
  AvgPool1D: pool(1, averagePool2d),
  AveragePooling2D: pool(2, averagePool2d),
  AvgPool2D: pool(2, averagePool2d),
  MaxPooling1D: pool(1, maxPool2d),
  MaxPool1D: pool(1, maxPool2d),
  MaxPooling2D: pool(2, maxPool2d),
  MaxPool2D: pool(2, maxPool2d),
  GlobalAveragePooling1D: globalPool(1, mean),
  GlobalAvgPool1D: globalPool(1, mean),
  GlobalAveragePooling2D: globalPool(2, mean),
  GlobalAvgPool2D: globalPool(2, mean),
  GlobalMaxPooling1D: globalPool(1, reduceMax),
  GlobalMaxPool1D: globalPool(1, reduceMax),
  GlobalMaxPooling2D: globalPool(2, reduceMax),
  GlobalMaxPool2D: globalPool(2, reduceMax),
};
