import { batchMatmul, conv2d, dense, depthwiseConv2d, sizeOf, tensor, transposeConv2d } from '@whittle/core';
import type { Id, ModelBuilder, Tensor } from '@whittle/core';
import type { Suite } from '../suite.js';
import { perTensor } from './draw.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** A layer: its input, its weights, how many products an output sums, and the op. */
interface Layer {
  readonly kind: string;
  readonly shape: readonly number[];
  readonly weight: readonly number[];
  readonly terms: number;
  readonly add: (builder: ModelBuilder, operands: readonly Id[], scale: number) => Id;
}

const window = {
  strides: [1, 1] as [number, number],
  padding: 'valid' as const,
  dilations: [1, 1] as [number, number],
  activation: 'none' as const,
};
const quantized = (scale: number) => ({ quantization: [perTensor(scale, 0)] });

function drawLayer(draw: Draw): Layer {
  const outputs = draw.between(1, 6);
  const kind = draw.pick('dense', 'conv2d', 'depthwise_conv2d', 'transpose_conv2d', 'batch_matmul');
  switch (kind) {
    case 'dense': {
      const inputs = draw.between(600, 1600);
      return {
        kind,
        shape: [1, inputs],
        weight: [inputs, outputs],
        terms: inputs,
        add: (builder, operands, scale) =>
          builder.node('output', dense, { activation: 'none' }, operands, quantized(scale)),
      };
    }
    case 'batch_matmul': {
      const inner = draw.between(2, 600);
      return {
        kind,
        shape: [1, 2, inner],
        weight: [1, inner, outputs],
        terms: inner,
        add: (builder, operands, scale) => {
          const attributes = { transposeA: false, transposeB: false };
          return builder.node('output', batchMatmul, attributes, operands, quantized(scale));
        },
      };
    }
    case 'depthwise_conv2d': {
      const kernel = [draw.between(20, 40), draw.between(20, 40)];
      return {
        kind,
        shape: [1, kernel[0] + 1, kernel[1] + 1, outputs],
        weight: [...kernel, outputs, 1],
        terms: kernel[0] * kernel[1],
        add: (builder, operands, scale) =>
          builder.node('output', depthwiseConv2d, window, operands, quantized(scale)),
      };
    }
    default: {
      const [kernel, channels] = [[draw.between(1, 4), draw.between(1, 4)], draw.between(130, 600)];
      const shape = [1, kernel[0] + 1, kernel[1] + 1, channels];
      const attributes = { ...window, groups: 1 };
      const transposed = {
        strides: window.strides,
        padding: window.padding,
        outputSize: [shape[1] + kernel[0] - 1, shape[2] + kernel[1] - 1] as [number, number],
        activation: window.activation,
      };
      return {
        kind,
        shape,
        weight: [...kernel, channels, outputs],
        terms: kernel[0] * kernel[1] * channels,
        add: (builder, operands, scale) =>
          kind === 'conv2d'
            ? builder.node('output', conv2d, attributes, operands, quantized(scale))
            : builder.node('output', transposeConv2d, transposed, operands, quantized(scale)),
      };
    }
  }
}

/** Mostly one value, an end of the type. */
function uniform(draw: Draw, dtype: 'int8' | 'int16', shape: readonly number[]): Tensor {
  const [low, high] = dtype === 'int8' ? [-128, 127] : [-32768, 32767];
  const value = draw.pick(low, low, high);
  const other = draw.between(low, high);
  return tensor(
    dtype,
    shape,
    Array.from({ length: sizeOf(shape) }, () => (draw.oneIn(50) ? other : value)),
  );
}

/** Layers of int16 whose sums of 64 bits go as far beyond 32 as their length allows: nearly all products have one sign. */
export function longSumsSuite(seeds: readonly number[]): Suite {
  return opSuite('long_sums_int16', seeds, (draw): OpCase => {
    const { kind, shape, weight, terms, add } = drawLayer(draw);
    const dtype = kind === 'batch_matmul' ? 'int16' : 'int8';
    const [input, scale] = [perTensor(2 ** -12, 0), 2 ** -8];
    const largest = terms * 2 ** (dtype === 'int8' ? 22 : 30);
    const output = (input.scale[0] * scale * largest) / 2 ** draw.between(13, 15);
    const constant = { ...uniform(draw, dtype, weight), quantization: perTensor(scale, 0) };
    const model = opModel(kind, [{ shape, quantization: input, dtype: 'int16' }], (builder, [x]) =>
      add(builder, [x, builder.parameter('weight', constant, 'weight')], output),
    );
    return {
      label: `${kind} ${extents(shape)} by ${extents(weight)}`,
      model,
      inputs: [[uniform(draw, 'int16', shape)], [uniform(draw, 'int16', shape)]],
    };
  });
}
