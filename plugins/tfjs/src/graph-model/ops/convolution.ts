import {
  conv2d,
  depthwiseConv2d,
  elu,
  gelu,
  hardSwish,
  leakyRelu,
  permuteAxes,
  prelu,
  sigmoid,
  swish,
  tanh,
  transposeConv2d,
} from '@whittle/core';
import type { FusedActivation, Padding, Pair } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Computed, Known, Operand, Spread, Value } from '../value.js';
import { expectReal } from './arithmetic.js';
import type { OpReaders } from './op-reader.js';

/** Rows and columns of a list over all four axes. @throws OP_UNSUPPORTED where examples or channels are stepped over */
export function imagePair(call: NodeCall, key: string, otherwise?: Pair): Pair {
  const list = call.attributes.integers(key);
  if (list.length === 0 && otherwise) return otherwise;
  if (list.length !== 4 || list.some((each) => each < 1 || each > 1 << 16))
    throw call.invalid(`${key}: found [${list.slice(0, 8).join(', ')}], expected 4 positive integers`);
  if (list[0] !== 1 || list[3] !== 1) throw call.unsupported(`${key} of examples or channels`);
  return [list[1], list[2]];
}

/** @throws OP_UNSUPPORTED for images with channels first, which TensorFlow.js leaves to the GPU */
export function expectChannelsLast(call: NodeCall): void {
  const format = call.attributes.text('data_format', 'nhwc');
  if (format !== 'nhwc' && format !== '')
    throw call.unsupported(`data_format ${format.toUpperCase()}, expected NHWC`);
}

export function paddingOf(call: NodeCall): Padding {
  const padding = call.attributes.text('padding', 'valid');
  if (padding === 'same' || padding === 'valid') return padding;
  if (padding !== 'explicit') throw call.invalid(`padding ${padding}, expected SAME, VALID or EXPLICIT`);
  const list = call.attributes.integers('explicit_paddings');
  if (list.length !== 8 || list.some((each) => each < 0 || each > 1 << 16))
    throw call.invalid('explicit_paddings, expected 8 integers');
  const [, , top, bottom, left, right] = list;
  return { top, bottom, left, right };
}

/** What follows a linear op within its node: a bias, and an activation. */
export interface Following {
  readonly bias?: Operand;
  readonly fused: FusedActivation;
  after(x: Operand, suffix?: string): Operand;
}

const fusable: Readonly<Record<string, FusedActivation>> = {
  '': 'none',
  linear: 'none',
  relu: 'relu',
  relu6: 'relu6',
};

/** @throws OP_UNSUPPORTED for functions that aren't activations */
export function followingOf(call: NodeCall): Following {
  const functions = call.attributes.texts('fused_ops');
  const hasBias = functions[0] === 'biasadd';
  const activation = functions[hasBias ? 1 : 0] ?? '';
  if (functions.length > (hasBias ? 2 : 1)) throw call.unsupported(`fused ops ${functions.join(', ')}`);
  const bias = hasBias ? { bias: call.operand(2) } : {};
  if (Object.hasOwn(fusable, activation)) return { ...bias, fused: fusable[activation], after: (x) => x };
  const read = activations[activation];
  if (!read) throw call.unsupported(`fused ops ${functions.join(', ')}`);
  return { ...bias, fused: 'none', after: (x) => read(call, x, hasBias ? 3 : 2) };
}

/** TensorFlow fuses more than TensorFlow.js runs. */
const activations: Readonly<Record<string, (call: NodeCall, x: Operand, next: number) => Operand>> = {
  elu: (call, x) => call.apply(elu, {}, [x]),
  sigmoid: (call, x) => call.apply(sigmoid, {}, [x]),
  tanh: (call, x) => call.apply(tanh, {}, [x]),
  _fusedhardswish: (call, x) => call.apply(hardSwish, {}, [x]),
  _fusedswish: (call, x) => call.apply(swish, {}, [x]),
  geluapproximate: (call, x) => call.apply(gelu, { approximate: true }, [x]),
  geluexact: (call, x) => call.apply(gelu, { approximate: false }, [x]),
  leakyrelu: (call, x) => {
    const alpha = call.attributes.number('leakyrelu_alpha', 0.2);
    if (alpha > 1) throw call.unsupported(`a slope of ${alpha}, expected at most 1`);
    return call.apply(leakyRelu, { alpha }, [x]);
  },
  prelu: (call, x, next) => call.apply(prelu, {}, [x, call.operand(next)], { roles: [undefined, 'weight'] }),
};

/** The image that a convolution reads: as a whole, where it was cut up for it, with the dilation that this stands for. */
function imageOf(call: NodeCall): { readonly image: Operand; readonly spread?: Spread } {
  const value = call.value(0);
  if (value.kind !== 'spread') return { image: expectReal(call, call.operand(0)) };
  return { image: value.image, spread: value };
}

interface Window {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations: Pair;
}

function windowOf(call: NodeCall, kernel: Known, spread: Spread | undefined): Window {
  const strides = imagePair(call, 'strides');
  const dilations = imagePair(call, 'dilations', [1, 1]);
  const padding = paddingOf(call);
  if (!spread) return { strides, padding, dilations };
  if (strides.some((stride) => stride !== 1) || dilations.some((dilation) => dilation !== 1))
    throw call.unsupported('strides or dilations on an image cut up');
  return { strides, dilations: spread.block, padding: spreadPadding(padding, kernel, spread.block) };
}

/** Padding of the parts of an image, as one of the whole. */
function spreadPadding(padding: Padding, { tensor: { shape } }: Known, block: Pair): Padding {
  if (padding === 'valid') return padding;
  if (padding !== 'same') {
    const { top, bottom, left, right } = padding;
    return { top: top * block[0], bottom: bottom * block[0], left: left * block[1], right: right * block[1] };
  }
  const [[top, bottom], [left, right]] = block.map((step, axis) => {
    const total = shape[axis] - 1;
    return [Math.floor(total / 2) * step, Math.ceil(total / 2) * step];
  });
  return { top, bottom, left, right };
}

/** A convolution with what follows it within the node. */
function convolved(call: NodeCall, isDepthwise: boolean): Value {
  expectChannelsLast(call);
  const { image, spread } = imageOf(call);
  const kernel = call.known(1, 'a kernel');
  if (kernel.tensor.shape.length !== 4) throw call.invalid('a kernel that has not four axes');
  const window = windowOf(call, kernel, spread);
  const { bias, fused, after } = followingOf(call);
  const operands = bias ? [image, kernel, bias] : [image, kernel];
  const options = { roles: [undefined, 'weight', 'bias'] as const, isLinear: true };
  const attributes = { ...window, activation: fused };
  const convolution = isDepthwise
    ? call.apply(depthwiseConv2d, attributes, operands, options)
    : call.apply(conv2d, { ...attributes, groups: groupsOf(call, image, kernel) }, operands, options);
  const result = after(convolution);
  return spread ? { ...spread, image: result as Computed } : result;
}

function groupsOf(call: NodeCall, image: Operand, kernel: Known): number {
  const [channels, perGroup] = [call.extent(image, call.rank(image) - 1), kernel.tensor.shape[2]];
  if (channels !== perGroup)
    throw call.invalid(`a kernel for ${perGroup} channels on an image of ${channels}`);
  return 1;
}

/** The gradient of a convolution: sizes of its input, its kernel [kh, kw, O, I], and the image. */
function transposed(call: NodeCall): Operand {
  expectChannelsLast(call);
  const image = expectReal(call, call.operand(2));
  const kernel = call.known(1, 'a kernel');
  const padding = paddingOf(call);
  if (typeof padding === 'object') throw call.unsupported('padding EXPLICIT');
  if (imagePair(call, 'dilations', [1, 1]).some((dilation) => dilation !== 1))
    throw call.unsupported('dilations');
  if (kernel.tensor.shape.length !== 4) throw call.invalid('a kernel that has not four axes');
  const [, height, width] = sizesOf(call);
  const weight = call.arranged(kernel, 'inputs before outputs', (value) => permuteAxes(value, [0, 1, 3, 2]));
  return call.apply(
    transposeConv2d,
    { strides: imagePair(call, 'strides'), padding, outputSize: [height, width], activation: 'none' },
    [image, weight],
    { roles: [undefined, 'weight'], isLinear: true },
  );
}

function sizesOf(call: NodeCall): [unknown, number, number] {
  const sizes = call.dims(0, 'an output size');
  const [, height, width] = sizes;
  const isExtent = (dim: unknown): dim is number => typeof dim === 'number' && dim > 0 && dim <= 1 << 22;
  if (sizes.length !== 4 || !isExtent(height) || !isExtent(width))
    throw call.invalid(`an output of [${sizes.join(', ')}]`);
  return [sizes[0], height, width];
}

function biasAdded(call: NodeCall): Value {
  expectChannelsLast(call);
  const bias = call.operand(1);
  if (call.rank(bias) !== 1) throw call.invalid(`a bias of shape [${shapeOf(bias).join(', ')}]`);
  const value = call.value(0);
  if (value.kind !== 'spread') return call.sum(expectReal(call, call.operand(0)), bias);
  return { ...value, image: call.sum(value.image, bias) as Computed };
}

export const convolutionReaders: OpReaders = {
  Conv2D: (call) => convolved(call, false),
  _FusedConv2D: (call) => convolved(call, false),
  DepthwiseConv2dNative: (call) => convolved(call, true),
  DepthwiseConv2d: (call) => convolved(call, true),
  FusedDepthwiseConv2dNative: (call) => convolved(call, true),
  Conv2DBackpropInput: transposed,
  BiasAdd: biasAdded,
};
