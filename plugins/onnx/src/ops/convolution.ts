import { conv2d, depthwiseConv2d, permuteAxes, tensor } from '@whittle/core';
import type { Id, Pair, Tensor } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { Known, NodeCall } from '../graph/node-call.js';
import { shapeOf } from '../values/value.js';
import type { Constant } from '../values/value.js';
import type { OpReaders } from './op-reader.js';
import { imageOrder, namedPadding, windowsOf } from './window.js';

/** The operand of a convolution as an image, its number of axes of positions, and its weight with as many as an image has. */
export interface Convolved {
  readonly x: Id;
  readonly axes: number;
  readonly image: Pair;
  readonly channels: number;
  readonly weight: Constant;
  readonly kernel: readonly number[];
}

/** @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function convolved(call: NodeCall): Convolved {
  const input = call.operand(0);
  const weight = call.constant(1, 'a weight');
  call.expectFloat(input, weight);
  const rank = call.rank(0);
  if (rank < 3 || rank > 4) throw call.unsupported(`an operand of rank ${rank}`);
  if (weight.tensor.shape.length !== rank || weight.tensor.data.length === 0)
    throw call.invalid(`a weight [${weight.tensor.shape.join(', ')}] for an operand of rank ${rank}`);
  const kernel = weight.tensor.shape.slice(2);
  const told = call.attributes.ints('kernel_shape');
  if (told && told.join() !== kernel.join())
    throw call.invalid(`kernel_shape [${told.join(', ')}], and a weight [${weight.tensor.shape.join(', ')}]`);
  const { x, image } = imageOf(call, input);
  return { x, image, axes: rank - 2, channels: Number(shapeOf(input)[1]), weight, kernel };
}

/** A value [N, C, H, W] or [N, C, W] as an image, and its rows and columns. */
export function imageOf(call: NodeCall, value: Known): { readonly x: Id; readonly image: Pair } {
  const order = imageOrder(shapeOf(value).length);
  const x = call.stored(value, order);
  const [, height, width] = call.graph.typeOf(x).shape;
  if (typeof height !== 'number' || typeof width !== 'number')
    throw new BatchMixed(call.where, 'the batch is a position');
  return { x, image: [height, width] };
}

/** [O, I, (kh,) kw] with rows, of which there is one where the weight has none. */
export function withRows(weight: Tensor): Tensor {
  const { shape } = weight;
  return shape.length === 4 ? weight : tensor(weight.dtype, [shape[0], shape[1], 1, shape[2]], weight.data);
}

export function biasOf(call: NodeCall, outputs: number): Id[] {
  if (!call.has(2)) return [];
  const bias = call.constant(2, 'a bias');
  if (bias.tensor.data.length !== outputs)
    throw call.invalid(`a bias of ${bias.tensor.data.length} elements, expected ${outputs}`);
  return [call.parameter(bias, 'bias', 'bias', (t) => tensor(t.dtype, [outputs], t.data))];
}

function convolution(call: NodeCall): void {
  const { x, axes, image, channels, weight, kernel } = convolved(call);
  const windows = windowsOf(call, image, axes, kernel);
  const { strides, dilations } = windows;
  const groups = call.attributes.int('group', 1);
  const [outputs, perGroup] = weight.tensor.shape;
  if (groups < 1 || perGroup * groups !== channels || outputs % groups !== 0)
    throw call.invalid(
      `a weight [${weight.tensor.shape.join(', ')}] in ${groups} groups for ${channels} channels`,
    );
  const common = { strides, dilations, padding: namedPadding(windows, image), activation: 'none' } as const;
  const bias = biasOf(call, outputs);
  let result: Id;
  if (groups === channels && channels > 1) {
    const kernelId = call.parameter(weight, 'weight', 'depthwise', (t) =>
      depthwiseWeight(withRows(t), channels),
    );
    result = call.emit(depthwiseConv2d, common, [x, kernelId, ...bias]);
  } else {
    const kernelId = call.parameter(weight, 'weight', 'conv', (t) => permuteAxes(withRows(t), [2, 3, 1, 0]));
    result = call.emit(conv2d, { ...common, groups }, [x, kernelId, ...bias]);
  }
  call.result(result, imageOrder(call.rank(0)));
}

/** [C M, 1, kh, kw] as [kh, kw, C, M]. */
function depthwiseWeight(weight: Tensor, channels: number): Tensor {
  const [outputs, , height, width] = weight.shape;
  const moved = permuteAxes(weight, [2, 3, 1, 0]);
  return tensor(moved.dtype, [height, width, channels, outputs / channels], moved.data);
}

export const convolutionReaders: OpReaders = { Conv: convolution };
