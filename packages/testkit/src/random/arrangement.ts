import {
  cast,
  concat,
  depthToSpace,
  flatten,
  gather,
  mirrorPad,
  pad,
  reshape,
  resizeBilinear,
  resizeNearest,
  sizeOf,
  slice,
  spaceToDepth,
  split,
  tensor,
  tile,
  transpose,
} from '@whittle/core';
import type { DrawnValue } from './drawn-value.js';
import { rangeOf } from './drawn-value.js';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';

/** A float value with at least one axis behind the batch. */
const some = (network: NetworkDraw) => network.float(2, 3, 4);
const axisOf = ({ draw }: NetworkDraw, { shape }: DrawnValue) => draw.between(1, shape.length - 1);

/** Extents that multiply to `size`: one to three of them. */
function factors({ draw }: NetworkDraw, size: number): number[] {
  const rank = draw.between(1, 3);
  const shape: number[] = [];
  let rest = size;
  while (shape.length < rank - 1) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((n) => rest % n === 0);
    shape.push(draw.pick(...divisors));
    rest /= shape[shape.length - 1];
  }
  return [...shape, rest];
}

const flattened = opDraw(flatten, (network) => {
  const x = some(network);
  return x && network.add(flatten, {}, [x]);
});

const reshaped = opDraw(reshape, (network) => {
  const x = some(network);
  if (!x) return undefined;
  const shape = network.withBatch([1, ...factors(network, sizeOf(x.shape))]);
  return network.add(reshape, { shape }, [x]);
});

const joined = opDraw(concat, (network) => {
  const { draw } = network;
  const x = some(network);
  if (!x) return undefined;
  const axis = draw.oneIn(2) ? x.shape.length - 1 : axisOf(network, x);
  const fits = ({ dtype, shape }: DrawnValue) =>
    dtype === 'float32' &&
    shape.length === x.shape.length &&
    shape.every((extent, i) => i === axis || extent === x.shape[i]);
  const others = Array.from({ length: draw.between(1, 2) }, () => network.pick(fits) ?? x);
  return network.add(concat, { axis }, [x, ...others]);
});

const margins = ({ draw }: NetworkDraw, shape: readonly number[], largest: (extent: number) => number) =>
  shape.map((extent, axis) => {
    const most = axis === 0 || draw.oneIn(2) ? 0 : largest(extent);
    return [draw.between(0, most), draw.between(0, most)];
  });

const padded = opDraw(pad, (network) => {
  const x = some(network);
  if (!x) return undefined;
  const paddings = margins(network, x.shape, () => 2);
  return network.add(pad, { paddings, value: network.draw.pick(0, 0, -1.5, 0.25) }, [x]);
});

const mirrored = opDraw(mirrorPad, (network) => {
  const x = some(network);
  if (!x) return undefined;
  const mode = network.draw.pick('reflect', 'symmetric');
  const paddings = margins(network, x.shape, (n) => Math.min(2, mode === 'reflect' ? n - 1 : n));
  return network.add(mirrorPad, { paddings, mode }, [x]);
});

const cut = opDraw(slice, (network) => {
  const { draw } = network;
  const x = some(network);
  if (!x) return undefined;
  const ranges = x.shape.flatMap((extent, axis) => {
    if (axis === 0 || draw.oneIn(2)) return [];
    const step = draw.pick(1, 1, 2, -1);
    const size = draw.between(1, Math.ceil(extent / Math.abs(step)));
    const reach = (size - 1) * Math.abs(step);
    const low = draw.between(0, extent - 1 - reach);
    return [{ axis, start: step > 0 ? low : low + reach, size, step }];
  });
  return network.add(slice, { ranges }, [x]);
});

const parts = opDraw(split, (network) => {
  const { draw } = network;
  const x = network.pick(({ dtype, shape }) => dtype === 'float32' && shape.slice(1).some((n) => n > 1));
  if (!x) return undefined;
  const axes = x.shape.flatMap((extent, axis) => (axis > 0 && extent > 1 ? [axis] : []));
  const axis = draw.pick(...axes);
  const extent = x.shape[axis];
  const halves = extent % 2 === 0 && draw.oneIn(2);
  const first = halves ? extent / 2 : draw.between(1, extent - 1);
  return network.add(split, { axis, sizes: [first, extent - first] }, [x]);
});

const tiled = opDraw(tile, (network) => {
  const x = some(network);
  if (!x) return undefined;
  const multiples = x.shape.map((_, axis) => (axis === 0 ? 1 : network.draw.pick(1, 1, 2, 3)));
  return network.add(tile, { multiples }, [x]);
});

const gathered = opDraw(gather, (network) => {
  const { draw } = network;
  // An embedding: entries of a table, by indices that were computed.
  const indices = network.pick((value) => value.dtype === 'int32' && rangeOf(value).low >= 0);
  if (indices && draw.oneIn(2)) {
    const table = network.weight([rangeOf(indices).high + draw.between(1, 3), draw.between(1, 4)], 1);
    return network.add(gather, { axis: 0 }, [table, indices]);
  }
  const x = some(network);
  if (!x) return undefined;
  const axis = axisOf(network, x);
  const count = draw.between(1, 4);
  const data = Array.from({ length: count }, () => draw.between(0, x.shape[axis] - 1));
  return network.add(gather, { axis }, [x, network.constant(tensor('int32', [count], data))]);
});

const transposed = opDraw(transpose, (network) => {
  const { draw } = network;
  const x = network.float(3, 4);
  if (!x) return undefined;
  const left = x.shape.map((_, axis) => axis).slice(1);
  const order = [0];
  while (left.length > 0) order.push(...left.splice(draw.between(0, left.length - 1), 1));
  return network.add(transpose, { permutation: order }, [x]);
});

const toSpace = opDraw(depthToSpace, (network) => {
  const x = network.pick(
    ({ dtype, shape }) => dtype === 'float32' && shape.length === 4 && shape[3] % 4 === 0,
  );
  return x && network.add(depthToSpace, { blockSize: 2 }, [x]);
});

const toDepth = opDraw(spaceToDepth, (network) => {
  const even = ({ dtype, shape: [, height, width, channels] }: DrawnValue) =>
    dtype === 'float32' && channels !== undefined && height % 2 === 0 && width % 2 === 0;
  const x = network.pick(even);
  return x && network.add(spaceToDepth, { blockSize: 2 }, [x]);
});

const resized = [resizeNearest, resizeBilinear].map((op) =>
  opDraw(op, (network) => {
    const { draw } = network;
    const x = network.float(4);
    if (!x) return undefined;
    const [, height, width] = x.shape;
    const size = draw.pick([2 * height, 2 * width], [draw.between(1, 9), draw.between(1, 9)]);
    const how = draw.pick([false, false], [true, false], [false, true]);
    return network.add(op, { size, alignCorners: how[0], halfPixelCenters: how[1] }, [x]);
  }),
);

const converted = opDraw(cast, (network) => {
  const { draw } = network;
  const x = network.pick(() => true);
  if (!x) return undefined;
  const dtype = x.dtype === 'float32' ? draw.pick('int32', 'int64', 'bool') : 'float32';
  return network.add(cast, { dtype }, [x]);
});

export const arrangementDraws = [
  flattened,
  reshaped,
  joined,
  joined,
  padded,
  mirrored,
  cut,
  parts,
  tiled,
  gathered,
  transposed,
  toSpace,
  toDepth,
  ...resized,
] as const;

export const typeDraws = [converted] as const;
