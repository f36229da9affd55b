import { transposeConv2d } from '@whittle/core';
import type { Pair } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationOf } from './activation-spec.js';
import { Spatial } from './channels.js';
import { biasOf } from './convolution.js';
import { dilated, inputsBeforeOutputs } from './weight-layout.js';

/** A transposed convolution. Dilation, which the op hasn't, becomes zeros between the kernel's taps. */
function transposed(axes: 1 | 2): LayerReader {
  return {
    variables: (options) => ({
      trainable: options.boolean('use_bias', true) ? ['kernel', 'bias'] : ['kernel'],
    }),
    read(call) {
      const spatial = new Spatial(call, axes);
      const { fused, after } = activationOf(call);
      const strides = spatial.pair('strides', 1);
      const dilations = spatial.pair('dilation_rate', 1);
      const padding = call.options.oneOf('padding', ['valid', 'same'], 'valid');
      const kernel = call.weight('kernel', 'weight', (value) =>
        dilated(inputsBeforeOutputs(spatial.kernel(value)), dilations),
      );
      const [kh, kw] = call.graph.typeOf(kernel).shape as readonly number[];
      const extra = outputPaddingOf(call, axes);
      return spatial.onImage(call.input, (x) => {
        const [height, width] = call.extents(x);
        const outputSize: Pair = [
          outputExtent(height, strides[0], kh, padding, extra?.[0]),
          outputExtent(width, strides[1], kw, padding, extra?.[1]),
        ];
        const attributes = { strides, padding, outputSize, activation: fused };
        return after(call.node('conv', transposeConv2d, attributes, [x, kernel, ...biasOf(call)]));
      });
    },
  };
}

function outputPaddingOf({ options }: LayerCall, axes: 1 | 2): Pair | undefined {
  if (!options.has('output_padding')) return undefined;
  const given = options.integers('output_padding');
  return axes === 1 ? [0, given[0]] : [given[0], given[1] ?? given[0]];
}

/** The output's extent as Keras has it. */
function outputExtent(
  extent: number,
  stride: number,
  kernel: number,
  padding: 'valid' | 'same',
  extra: number | undefined,
): number {
  if (extra === undefined)
    return padding === 'same' ? extent * stride : extent * stride + Math.max(kernel - stride, 0);
  const margin = padding === 'same' ? Math.floor(kernel / 2) : 0;
  return (extent - 1) * stride + kernel - 2 * margin + extra;
}

export const transposeConvolutionReaders: Readonly<Record<string, LayerReader>> = {
  Conv1DTranspose: transposed(1),
  Convolution1DTranspose: transposed(1),
  Conv2DTranspose: transposed(2),
  Convolution2DTranspose: transposed(2),
};
