import { averagePool2d, maxPool2d, mean, pad, reduceMax } from '@whittle/core';
import type { ExplicitPadding, Id, Pair, ReductionOp } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import type { NodeCall } from '../graph/node-call.js';
import { range } from '../values/order.js';
import { imageOf } from './convolution.js';
import type { OpReader, OpReaders } from './op-reader.js';
import { imageOrder, namedPadding, windowsOf } from './window.js';

function pool(isMaximum: boolean): OpReader {
  return (call) => {
    const { attributes } = call;
    if (call.node.output?.[1]) throw call.unsupported('indices as a result');
    call.expectFloat(call.operand(0));
    const rank = call.rank(0);
    if (rank < 3 || rank > 4) throw call.unsupported(`an operand of rank ${rank}`);
    const { x, image } = imageOf(call, call.operand(0));
    const windows = windowsOf(call, image, rank - 2, attributes.ints('kernel_shape') ?? []);
    const { kernel, strides, dilations } = windows;
    if (dilations.some((n) => n !== 1)) throw call.unsupported(`dilations [${dilations.join(', ')}]`);
    const order = imageOrder(rank);
    const common = { size: kernel, strides, activation: 'none' } as const;
    const emit = (id: Id, from: Pair, pads: ExplicitPadding, starts: Pair) => {
      const all = withCeiling(call, from, kernel, strides, pads, starts);
      const padding = namedPadding({ ...windows, pads: all }, from);
      call.result(call.emit(isMaximum ? maxPool2d : averagePool2d, { ...common, padding }, [id]), order);
    };
    const { top, bottom, left, right } = windows.pads;
    const counts = !isMaximum && attributes.flag('count_include_pad') && top + bottom + left + right > 0;
    const starts: Pair = [image[0] + top, image[1] + left];
    if (!counts) return emit(x, image, windows.pads, starts);
    const paddings: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const padded = call.emit(pad, { paddings, value: 0 }, [x], 'padded');
    const none = { top: 0, bottom: 0, left: 0, right: 0 };
    emit(padded, [image[0] + top + bottom, image[1] + left + right], none, starts);
  };
}

/** Padding with what `ceil_mode` adds: a last window that begins before `starts`, and ends beyond what is there. */
function withCeiling(
  call: NodeCall,
  image: Pair,
  kernel: Pair,
  strides: Pair,
  pads: ExplicitPadding,
  starts: Pair,
): ExplicitPadding {
  if (!call.attributes.flag('ceil_mode')) return pads;
  const after = ([0, 1] as const).map((i) => {
    const [before, told] = i === 0 ? [pads.top, pads.bottom] : [pads.left, pads.right];
    let out = Math.ceil((image[i] + before + told - kernel[i]) / strides[i]) + 1;
    if ((out - 1) * strides[i] >= starts[i]) out--;
    return Math.max(told, (out - 1) * strides[i] + kernel[i] - image[i] - before);
  });
  return { ...pads, bottom: after[0], right: after[1] };
}

/** Over all positions, which stay as axes of extent 1. */
function globalPool(op: ReductionOp): OpReader {
  return (call) => {
    call.expectFloat(call.operand(0));
    const rank = call.rank(0);
    if (rank < 3) throw call.invalid(`an operand of rank ${rank}`);
    const x = call.withAxes(call.operand(0), range(0, rank));
    const positions = range(2, rank).map((axis) => x.order.indexOf(axis));
    if (positions.includes(0)) throw new BatchMixed(call.where, 'positions before the batch');
    const axes = positions.sort((a, b) => a - b) as [number, ...number[]];
    const id = call.emit(op, { axes, keepDims: true }, [x.id]);
    call.result(id, x.order);
  };
}

export const poolingReaders: OpReaders = {
  MaxPool: pool(true),
  AveragePool: pool(false),
  GlobalAveragePool: globalPool(mean),
  GlobalMaxPool: globalPool(reduceMax),
};
