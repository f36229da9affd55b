import { transposeConv2d } from '@whittle/core';
import type { TransposeConvAttributes } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import {
  biasQuantization,
  describeBias,
  drawActivation,
  drawBias,
  drawInput,
  drawOutput,
  drawWeight,
} from './convolution.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

interface Geometry {
  readonly kernel: readonly [number, number];
  readonly image: readonly [number, number];
  readonly attributes: TransposeConvAttributes;
}

/** Strides below, at and above the kernel's extents; every output size that belongs to the image. */
function drawGeometry(draw: Draw): Geometry {
  const kernel: [number, number] = [draw.between(1, 5), draw.between(1, 5)];
  const strides: [number, number] = [draw.between(1, 4), draw.between(1, 4)];
  const padding = draw.pick('same', 'valid');
  const image: [number, number] = [draw.between(1, 6), draw.between(1, 6)];
  const size = (axis: 0 | 1) => {
    const spare = draw.between(0, strides[axis] - 1);
    return padding === 'same'
      ? image[axis] * strides[axis] - spare
      : (image[axis] - 1) * strides[axis] + kernel[axis] + spare;
  };
  const outputSize: [number, number] = [size(0), size(1)];
  return { kernel, image, attributes: { strides, padding, outputSize, activation: drawActivation(draw) } };
}

/** TRANSPOSE_CONV. */
export function transposeConv2dSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('transpose_conv2d', dtype), seeds, (draw): OpCase => {
    const { kernel, image, attributes } = drawGeometry(draw);
    const [channels, outputs] = [draw.between(1, 9), draw.between(1, 9)];
    const shape = [1, ...image, channels];
    const input = drawInput(draw, dtype);
    const weight = drawWeight(draw, [...kernel, channels, outputs], 3);
    const scales = weight.quantization!.scale;
    const bias = draw.oneIn(4) ? undefined : drawBias(draw, dtype, outputs, biasQuantization(input, scales));
    const output = drawOutput(draw, input, scales, (kernel[0] * kernel[1] * channels) / 2, dtype);
    const model = opModel('transpose_conv2d', [{ shape, quantization: input, dtype }], (builder, [x]) => {
      const operands = [x, builder.parameter('weight', weight, 'weight')];
      if (bias) operands.push(builder.parameter('bias', bias, 'bias'));
      return builder.node('output', transposeConv2d, attributes, operands, { quantization: [output] });
    });
    const { strides, padding, outputSize, activation } = attributes;
    return {
      label: `image ${extents(image)} to ${extents(outputSize)} kernel ${extents(kernel)} stride ${extents(strides)} ${padding} ${activation} channels ${channels}->${outputs}${describeBias(bias)}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}
