import { add, float32, mul, resizeBilinear, resizeNearest } from '@whittle/core';
import type { Id, Pair } from '@whittle/core';
import { largestExtent } from '../config/options.js';
import { invalid } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { onChannelsLast, Spatial } from './channels.js';

const none = { activation: 'none' } as const;

/** Resizes an image [N, H, W, C], with the pixels' centres aligned unless told otherwise. */
export function resizeTo(
  call: LayerCall,
  x: Id,
  size: Pair,
  interpolation: 'nearest' | 'bilinear',
  halfPixelCenters = true,
): Id {
  if (size.some((extent) => extent > largestExtent))
    throw invalid(call.where, `an image of ${size.join(' x ')}`);
  const op = interpolation === 'nearest' ? resizeNearest : resizeBilinear;
  return call.node('resize', op, { size, alignCorners: false, halfPixelCenters }, [x]);
}

function upSampling(axes: 1 | 2): LayerReader {
  return {
    read(call) {
      const spatial = new Spatial(call, axes);
      const factors = spatial.pair('size', 2);
      const interpolation = call.options.oneOf('interpolation', ['nearest', 'bilinear'], 'nearest');
      return spatial.onImage(call.input, (x) => {
        const [height, width] = call.extents(x);
        const size: Pair = [height * factors[0], width * factors[1]];
        // TensorFlow.js aligns the pixels' upper left corners.
        return resizeTo(call, x, size, interpolation, call.runtime === 'keras');
      });
    },
  };
}

function readResizing(call: LayerCall): Id {
  const { options } = call;
  options.only('crop_to_aspect_ratio', false);
  options.only('pad_to_aspect_ratio', false);
  options.only('antialias', false);
  call.expectRank(call.input, 4);
  const size: Pair = [options.extent('height'), options.extent('width')];
  const interpolation = options.oneOf('interpolation', ['bilinear', 'nearest'], 'bilinear');
  return onChannelsLast(call, call.input, (x) => resizeTo(call, x, size, interpolation));
}

/** x scale + offset, each a number or one for each channel. */
function readRescaling(call: LayerCall): Id {
  const value = (key: string, otherwise: number) => {
    const numbers = call.options.has(key) ? call.options.numbers(key) : [otherwise];
    return numbers.length === 1 ? numbers[0] : float32([numbers.length], numbers);
  };
  const offset = value('offset', 0);
  const scaled = call.node('scaled', mul, none, [call.input, call.constant('scale', value('scale', 1))]);
  return offset === 0 ? scaled : call.node('moved', add, none, [scaled, call.constant('offset', offset)]);
}

export const resizingReaders: Readonly<Record<string, LayerReader>> = {
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
  Resizing: { read: readResizing },
  Rescaling: { read: readRescaling },
};
