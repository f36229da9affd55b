import { allocate, sizeOf, slice, tensor, transposeConv2d } from '@whittle/core';
import type { Pair, Tensor } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import { biasOf, convolved, withRows } from './convolution.js';
import type { OpReaders } from './op-reader.js';
import { explicitPads, imageOrder, pairOf } from './window.js';

/** Output and padding before it, along one axis. */
interface Extent {
  readonly out: number;
  readonly before: number;
}

/**
 * A transposed convolution. Groups become zeros in one weight for all channels, dilations zeros in a larger kernel. What
 * padding takes away is cut off, where padding isn't that of `same`.
 */
function transposedConvolution(call: NodeCall): void {
  const { x, axes, image, channels, weight, kernel } = convolved(call);
  const { attributes } = call;
  const ones = new Array<number>(axes).fill(1);
  const strides = pairOf(call, attributes.ints('strides') ?? ones, axes, 'strides');
  const dilations = pairOf(call, attributes.ints('dilations') ?? ones, axes, 'dilations');
  const groups = attributes.int('group', 1);
  const [inputs, perGroup] = weight.tensor.shape;
  if (groups < 1 || inputs !== channels || channels % groups !== 0)
    throw call.invalid(
      `a weight [${weight.tensor.shape.join(', ')}] in ${groups} groups for ${channels} channels`,
    );
  const size = pairOf(call, kernel, axes, 'kernel_shape');
  const reach = ([0, 1] as const).map((i) => (size[i] - 1) * dilations[i] + 1) as Pair;
  const extents = ([0, 1] as const).map((i) => extentOf(call, axes, i, image[i], strides[i], reach[i]));
  const outputs = perGroup * groups;
  call.graph.claim(call.where, reach[0] * reach[1] * channels * outputs);
  const parameter = call.parameter(weight, 'weight', `transposed ${groups} ${dilations.join()}`, (t) =>
    arrange(withRows(t), groups, dilations),
  );
  const operands = [x, parameter, ...biasOf(call, outputs)];
  const common = { strides, activation: 'none' } as const;
  const [rows, columns] = extents;
  const order = imageOrder(call.rank(0));
  const isSame = extents.every(({ out, before }, i) => {
    const total = Math.max(0, (image[i] - 1) * strides[i] + reach[i] - out);
    return Math.ceil(out / strides[i]) === image[i] && before === Math.floor(total / 2);
  });
  if (isSame) {
    const outputSize: Pair = [rows.out, columns.out];
    return call.result(
      call.emit(transposeConv2d, { ...common, padding: 'same', outputSize }, operands),
      order,
    );
  }
  const outputSize = extents.map(({ out, before }, i) => {
    const full = (image[i] - 1) * strides[i] + reach[i];
    if (before + out >= full + strides[i])
      throw call.unsupported(`an output of ${out}, which is ${strides[i]} or more beyond the windows`);
    return Math.max(full, before + out);
  }) as Pair;
  const isWhole = extents.every(({ out, before }, i) => before === 0 && out === outputSize[i]);
  const attributesOf = { ...common, padding: 'valid', outputSize } as const;
  if (isWhole) return call.result(call.emit(transposeConv2d, attributesOf, operands), order);
  const full = call.emit(transposeConv2d, attributesOf, operands, 'full');
  const ranges = extents.map(({ out, before }, i) => ({ axis: i + 1, start: before, size: out, step: 1 }));
  call.result(call.emit(slice, { ranges }, [full]), order);
}

/** @throws FORMAT_INVALID where nothing is left */
function extentOf(
  call: NodeCall,
  axes: number,
  axis: 0 | 1,
  image: number,
  stride: number,
  reach: number,
): Extent {
  const { attributes } = call;
  if (axes === 1 && axis === 0) return { out: 1, before: 0 };
  const at = axes === 1 ? 0 : axis;
  const added = attributes.ints('output_padding')?.[at] ?? 0;
  const told = attributes.ints('output_shape');
  const mode = attributes.text('auto_pad', 'NOTSET');
  const full = (image - 1) * stride + reach;
  let extent: Extent;
  if (told || mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const out = told ? told[told.length - axes + at] : image * stride;
    const total = Math.max(0, full + added - out);
    const half = Math.floor(total / 2);
    extent = { out, before: mode === 'SAME_UPPER' ? half : mode === 'SAME_LOWER' ? total - half : half };
    if (told && mode !== 'SAME_UPPER') extent = { out, before: total - half };
  } else {
    const pads = mode === 'VALID' ? undefined : explicitPads(call, axes);
    const [before, after] = !pads ? [0, 0] : axis === 0 ? [pads.top, pads.bottom] : [pads.left, pads.right];
    extent = { out: full + added - before - after, before };
  }
  if (!Number.isSafeInteger(extent.out) || extent.out < 1 || added < 0)
    throw call.invalid(`an output of ${extent.out}`);
  return extent;
}

/** [I, O / groups, kh, kw] as [kh, kw, I, O]: zeros between groups and taps. */
function arrange(weight: Tensor, groups: number, dilations: Pair): Tensor {
  const [channels, perGroup, height, width] = weight.shape;
  const outputs = perGroup * groups;
  const [rows, columns] = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1];
  const shape = [rows, columns, channels, outputs];
  const data = allocate('float32', sizeOf(shape));
  let from = 0;
  for (let c = 0; c < channels; c++) {
    const first = Math.floor(c / (channels / groups)) * perGroup;
    for (let o = 0; o < perGroup; o++)
      for (let y = 0; y < height; y++)
        for (let column = 0; column < width; column++) {
          const tap = y * dilations[0] * columns + column * dilations[1];
          data[(tap * channels + c) * outputs + first + o] = Number(weight.data[from++]);
        }
  }
  return tensor('float32', shape, data);
}

export const transposeConvolutionReaders: OpReaders = { ConvTranspose: transposedConvolution };
