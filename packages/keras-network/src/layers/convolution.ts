import { conv2d, depthwiseConv2d } from '@whittle/core';
import type { Id, Padding, Pair } from '@whittle/core';
import { unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { activationOf } from './activation-spec.js';
import { Spatial } from './channels.js';

const withBias = (...kernels: readonly string[]): LayerReader['variables'] => {
  return (options) => ({ trainable: options.boolean('use_bias', true) ? [...kernels, 'bias'] : kernels });
};

function windowOf(call: LayerCall, spatial: Spatial) {
  const dilations = spatial.pair('dilation_rate', 1);
  return { strides: spatial.pair('strides', 1), dilations, padding: paddingOf(call, spatial, dilations) };
}

/** 'causal' pads a sequence in front alone, so that no step sees a later one. */
function paddingOf(call: LayerCall, spatial: Spatial, dilations: Pair): Padding {
  const allowed = spatial.axes === 1 ? (['valid', 'same', 'causal'] as const) : (['valid', 'same'] as const);
  const padding = call.options.oneOf<'valid' | 'same' | 'causal'>('padding', allowed, 'valid');
  if (padding !== 'causal') return padding;
  const [, kernel] = spatial.pair('kernel_size');
  return { top: 0, bottom: 0, left: (kernel - 1) * dilations[1], right: 0 };
}

/** The layer's bias, where it has one, as the last operand. */
export function biasOf(call: LayerCall): Id[] {
  return call.options.boolean('use_bias', true) ? [call.weight('bias', 'bias')] : [];
}

function convolution(axes: 1 | 2): LayerReader {
  return {
    variables: withBias('kernel'),
    read(call) {
      const spatial = new Spatial(call, axes);
      const { fused, after } = activationOf(call);
      const groups = call.options.extent('groups', 1);
      const attributes = { ...windowOf(call, spatial), groups, activation: fused };
      const kernel = call.weight('kernel', 'weight', (value) => spatial.kernel(value));
      return spatial.onImage(call.input, (x) =>
        after(call.node('conv', conv2d, attributes, [x, kernel, ...biasOf(call)])),
      );
    },
  };
}

function depthwise(axes: 1 | 2): LayerReader {
  return {
    variables: (options) => {
      // Up to Keras 2 the kernel is called otherwise; only the order counts.
      return { trainable: options.boolean('use_bias', true) ? ['kernel', 'bias'] : ['kernel'] };
    },
    read(call) {
      const spatial = new Spatial(call, axes);
      const { fused, after } = activationOf(call);
      const attributes = { ...windowOf(call, spatial), activation: fused };
      if (call.runtime === 'tfjs' && attributes.dilations.some((dilation) => dilation > 1))
        throw unsupported(call.where, 'dilation, which TensorFlow.js leaves out of this layer');
      const kernel = call.weight('kernel', 'weight', (value) => spatial.kernel(value));
      return spatial.onImage(call.input, (x) =>
        after(call.node('conv', depthwiseConv2d, attributes, [x, kernel, ...biasOf(call)])),
      );
    },
  };
}

function separable(axes: 1 | 2): LayerReader {
  return {
    variables: withBias('depthwise_kernel', 'pointwise_kernel'),
    read(call) {
      const spatial = new Spatial(call, axes);
      if (call.options.extent('groups', 1) !== 1) throw unsupported(call.where, 'groups');
      const { fused, after } = activationOf(call);
      const window = windowOf(call, spatial);
      const kernels = ['depthwise_kernel', 'pointwise_kernel'].map((name) =>
        call.weight(name, 'weight', (value) => spatial.kernel(value)),
      );
      return spatial.onImage(call.input, (x) => {
        const image = call.node('depthwise', depthwiseConv2d, { ...window, activation: 'none' }, [
          x,
          kernels[0],
        ]);
        const point = { strides: [1, 1], dilations: [1, 1], padding: 'valid', groups: 1 } as const;
        const pointwise = { ...point, strides: [1, 1] as Pair, dilations: [1, 1] as Pair, activation: fused };
        return after(call.node('conv', conv2d, pointwise, [image, kernels[1], ...biasOf(call)]));
      });
    },
  };
}

export const convolutionReaders: Readonly<Record<string, LayerReader>> = {
  Conv1D: convolution(1),
  Convolution1D: convolution(1),
  Conv2D: convolution(2),
  Convolution2D: convolution(2),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConvolution1D: separable(1),
  SeparableConv2D: separable(2),
  SeparableConvolution2D: separable(2),
};
