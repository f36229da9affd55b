import { tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { dtypeAttribute, flag, integer, integers, real, text, texts } from './graph-builder.fixture.js';
import {
  graphCase,
  image,
  ints,
  scalar,
  weight,
  nhwc,
  same,
  valid,
  strided,
  single,
} from './graph-case.fixture.js';
import type { GraphCase, Attributes } from './graph-case.fixture.js';

const kernel = weight([3, 3, 4, 5]);
const bias = weight([5], 'b');
const depthwise = weight([3, 2, 4, 2]);

function fused(
  name: string,
  functions: readonly string[],
  extra: readonly Tensor[],
  more: Attributes = {},
): GraphCase {
  const attributes = { ...same, fused_ops: texts(...functions), num_args: integer(extra.length), ...more };
  return single(name, '_FusedConv2D', image, [kernel, ...extra], attributes);
}

export const convolutions = (): GraphCase[] => [
  single('conv same', 'Conv2D', image, [kernel], strided),
  single('conv valid', 'Conv2D', image, [kernel], { ...valid, dilations: integers(1, 2, 3, 1) }),
  single('conv explicit', 'Conv2D', image, [kernel], {
    ...same,
    padding: text('EXPLICIT'),
    explicit_paddings: integers(0, 0, 1, 2, 0, 3, 0, 0),
  }),
  fused('fused bias', ['BiasAdd'], [bias]),
  fused('fused relu', ['BiasAdd', 'Relu'], [bias]),
  fused('fused relu6', ['BiasAdd', 'Relu6'], [bias]),
  fused('fused elu', ['BiasAdd', 'Elu'], [bias]),
  fused('fused sigmoid', ['BiasAdd', 'Sigmoid'], [bias]),
  fused('fused leaky relu', ['BiasAdd', 'LeakyRelu'], [bias], { leakyrelu_alpha: real(0.125) }),
  fused('fused prelu', ['BiasAdd', 'Prelu'], [bias, weight([1, 1, 5], 'alpha')]),
  single('depthwise', 'DepthwiseConv2dNative', image, [depthwise], strided),
  single('fused depthwise', 'FusedDepthwiseConv2dNative', image, [depthwise, weight([8], 'b')], {
    ...same,
    fused_ops: texts('BiasAdd', 'Relu6'),
    num_args: integer(1),
  }),
  graphCase('conv, bias and relu apart', (g) => {
    const conv = g.node('Conv2D', [g.input(image), g.constant(kernel)], same);
    return g.node('Relu', [g.node('BiasAdd', [conv, g.constant(bias)], nhwc)]);
  }),
  graphCase('transposed', (g) => {
    const sizes = g.constant(ints(2, 18, 15, 3));
    const weights = g.constant(weight([3, 4, 3, 4]));
    return g.node('Conv2DBackpropInput', [sizes, weights, g.input(image)], strided);
  }),
  graphCase('transposed to a computed size', (g) => {
    const x = g.input([-1, 5, 6, 4]);
    const [zero, one] = [g.constant(ints(0)), g.constant(ints(1))];
    const shape = g.node('Shape', [x]);
    const extent = (i: number) => {
      const from = i === 0 ? zero : g.constant(ints(i));
      const slice = { shrink_axis_mask: integer(1), T: dtypeAttribute('int32') };
      return g.node('StridedSlice', [shape, from, g.constant(ints(i + 1)), one], slice);
    };
    const twice = (i: number) =>
      g.node('Mul', [extent(i), g.constant(scalar(2))], { T: dtypeAttribute('int32') });
    const sizes = g.node('Pack', [extent(0), twice(1), twice(2), g.constant(scalar(3))], {
      axis: integer(0),
    });
    return g.node('Conv2DBackpropInput', [sizes, g.constant(weight([4, 4, 3, 4])), x], strided);
  }),
  dilated('dilated', 'VALID', [2, 3, 2, 2], [0, 1, 0, 0]),
  dilated('dilated same', 'SAME', [0, 1, 0, 0], [0, 1, 0, 0]),
];

/** A dilated convolution as TensorFlow writes it, with what stands within. */
function dilated(
  name: string,
  padding: string,
  margins: readonly number[],
  crops: readonly number[],
): GraphCase {
  return graphCase(name, (g) => {
    const pairs = (values: readonly number[]) => g.constant(tensor('int32', [2, 2], [...values]));
    const block = g.constant(ints(2, 2));
    const cut = g.node('SpaceToBatchND', [g.input(image), block, pairs(margins)]);
    const conv = g.node('DepthwiseConv2dNative', [cut, g.constant(weight([3, 3, 4, 1]))], {
      ...same,
      padding: text(padding),
    });
    const sum = g.node('Relu', [g.node('BiasAdd', [conv, g.constant(weight([4], 'b'))])]);
    return g.node('BatchToSpaceND', [sum, block, pairs(crops)]);
  });
}

export const matrices = (): GraphCase[] => [
  single('matmul', 'MatMul', [-1, 6], [weight([6, 3])]),
  single('matmul transposed', 'MatMul', [-1, 6], [weight([3, 6])], { transpose_b: flag(true) }),
  single('fused matmul', '_FusedMatMul', [-1, 6], [weight([6, 3]), weight([3], 'b')], {
    fused_ops: texts('BiasAdd', 'Relu'),
    num_args: integer(1),
  }),
  graphCase('batch matmul', (g) => {
    return g.node('BatchMatMulV2', [g.input([-1, 4, 6]), g.input([-1, 5, 6])], { adj_y: flag(true) });
  }),
];
