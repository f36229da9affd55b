import { concrete, gather, interpolation, resizeBilinear, resizeNearest, tensor } from '@whittle/core';
import type { Id, Pair, ResizeAttributes } from '@whittle/core';
import { BatchMixed } from '../faults.js';
import { dimsOf } from '../fold/known-values.js';
import { largestExtent } from '../graph/limits.js';
import type { NodeCall } from '../graph/node-call.js';
import { sameNumbers } from '../values/order.js';
import { shapeOf } from '../values/value.js';
import { imageOf } from './convolution.js';
import type { OpReaders } from './op-reader.js';
import { imageOrder } from './window.js';

/** How one axis is resized. */
interface Axis {
  readonly from: number;
  readonly to: number;
  /** Result over operand, as the file has it: `to` may be rounded. */
  readonly scale: number;
}

/** Where pixel i of the result lies on the operand. */
type Position = (i: number, axis: Axis) => number;

// In float32, step by step, as ONNX Runtime does: positions between two pixels decide which one is nearest.
const halfPixel: Position = (i, { scale }) => Math.fround(Math.fround((i + 0.5) / scale) - 0.5);

const positions: Readonly<Record<string, Position>> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0),
  asymmetric: (i, { scale }) => i / scale,
  align_corners: (i, { from, to }) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0),
  tf_half_pixel_for_nn: (i, { scale }) => (i + 0.5) / scale,
  half_pixel_symmetric: (i, { from, to, scale }) => {
    const adjustment = to / (scale * from);
    const centre = from / 2;
    return centre * (1 - adjustment) + (i + 0.5) / scale - 0.5;
  },
};

const nearest: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** The positions that core's ops have. */
const alignments = [
  { alignCorners: false, halfPixelCenters: true },
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
] as const;

function resize(call: NodeCall): void {
  const { attributes, op, opset } = call;
  const mode = attributes.text('mode', 'nearest');
  const isNew = op === 'Resize' && opset >= 11;
  if (attributes.flag('antialias')) throw call.unsupported('antialias 1');
  if (attributes.flag('exclude_outside')) throw call.unsupported('exclude_outside 1');
  call.only('keep_aspect_ratio_policy', attributes.text('keep_aspect_ratio_policy', 'stretch'), 'stretch');
  const named = isNew ? attributes.text('coordinate_transformation_mode', 'half_pixel') : 'asymmetric';
  const position = positions[named];
  if (!Object.hasOwn(positions, named)) throw call.unsupported(`coordinate_transformation_mode ${named}`);
  const axes = axesOf(call, isNew);
  if (axes.every(({ from, to, scale }) => from === to && scale === 1)) return call.alias(call.operand(0));
  const rank = axes.length;
  if (rank < 3 || rank > 4 || axes.slice(0, 2).some(({ from, to }) => from !== to))
    throw call.unsupported(`an operand of [${axes.map(({ from, to }) => `${from} to ${to}`).join(', ')}]`);
  const row: Axis = { from: 1, to: 1, scale: 1 };
  const plane: readonly [Axis, Axis] = rank === 3 ? [row, axes[2]] : [axes[2], axes[3]];
  call.expectFloat(call.operand(0));
  plane.forEach(({ to }) => call.graph.claim(call.where, to));
  if (mode === 'nearest') {
    const rounding = isNew ? attributes.text('nearest_mode', 'round_prefer_floor') : 'floor';
    if (!Object.hasOwn(nearest, rounding)) throw call.unsupported(`nearest_mode ${rounding}`);
    return resizeByIndex(
      call,
      plane,
      plane.map((axis) =>
        Array.from({ length: axis.to }, (_, i) =>
          Math.min(Math.max(nearest[rounding](Math.fround(position(i, axis))), 0), axis.from - 1),
        ),
      ),
    );
  }
  if (mode !== 'linear' && mode !== 'bilinear') throw call.unsupported(`mode ${mode}`);
  resizeLinearly(call, plane, position, named);
}

/** What becomes of each axis of the operand. @throws FORMAT_INVALID, OP_UNSUPPORTED */
function axesOf(call: NodeCall, isNew: boolean): Axis[] {
  const shape = shapeOf(call.operand(0));
  const extents = concrete(shape);
  const rank = extents.length;
  const axes = (call.attributes.ints('axes') ?? extents.map((_, i) => i)).map((axis) =>
    call.axis(axis, rank),
  );
  const places = isNew ? { scales: 2, sizes: 3 } : { scales: 1, sizes: -1 };
  const list = (i: number) => (i >= 0 && call.has(i) ? call.numbers(i, 'scales or sizes') : []);
  const scales =
    call.op === 'Upsample' && call.opset < 9 ? (call.attributes.floats('scales') ?? []) : list(places.scales);
  const sizes = list(places.sizes);
  const told = scales.length > 0 ? scales : sizes;
  if (told.length !== axes.length)
    throw call.invalid(`${told.length} scales or sizes of ${axes.length} axes`);
  if (scales.length === 0) {
    const flags = dimsOf(call.constant(places.sizes, 'sizes'));
    axes.forEach((axis, i) => {
      if ((flags[i] === 'batch') !== (shape[axis] === 'batch'))
        throw new BatchMixed(call.where, 'the batch is resized');
    });
  }
  return extents.map((from, axis): Axis => {
    const at = axes.indexOf(axis);
    if (at < 0) return { from, to: from, scale: 1 };
    const to = scales.length > 0 ? Math.floor(Math.fround(from * scales[at])) : sizes[at];
    if (!Number.isSafeInteger(to) || to < 1 || to > largestExtent) throw call.invalid(`an axis of ${to}`);
    if (shape[axis] === 'batch' && to !== 1) throw new BatchMixed(call.where, 'the batch is resized');
    return { from, to, scale: scales.length > 0 ? scales[at] : to / from };
  });
}

/** Each pixel from one that is known: by core's op where it picks the same ones, else by index. */
function resizeByIndex(
  call: NodeCall,
  plane: readonly Axis[],
  indices: readonly (readonly number[])[],
): void {
  const rank = call.rank(0);
  const { x } = imageOf(call, call.operand(0));
  const size = plane.map(({ to }) => to) as Pair;
  const view = { name: call.where, inputs: [call.graph.typeOf(x)] };
  const same = alignments
    .map((each): ResizeAttributes => ({ size, ...each }))
    .find((attributes) => {
      const [, rows, columns] = resizeNearest.indices({ ...view, attributes });
      return sameNumbers(rows ?? [], indices[0]) && sameNumbers(columns ?? [], indices[1]);
    });
  if (same) return call.result(call.emit(resizeNearest, same, [x]), imageOrder(rank));
  const picked = [1, 2].filter(
    (axis) => !sameNumbers(indices[axis - 1], [...Array(plane[axis - 1].from).keys()]),
  );
  let id: Id = x;
  picked.forEach((axis, i) => {
    const at = call.own(
      `indices_${axis}`,
      'weight',
      tensor('int32', [size[axis - 1]], [...indices[axis - 1]]),
    );
    id = call.emit(gather, { axis }, [id, at], i < picked.length - 1 ? 'rows' : undefined);
  });
  call.result(id, imageOrder(rank));
}

/** @throws OP_UNSUPPORTED where core's op has other positions */
function resizeLinearly(call: NodeCall, plane: readonly Axis[], position: Position, named: string): void {
  const rank = call.rank(0);
  const { x } = imageOf(call, call.operand(0));
  const size = plane.map(({ to }) => to) as Pair;
  const wanted = plane.map((axis) =>
    Array.from({ length: axis.to }, (_, i) => Math.min(Math.max(position(i, axis), 0), axis.from - 1)),
  );
  const view = { name: call.where, inputs: [call.graph.typeOf(x)] };
  const same = alignments
    .map((each): ResizeAttributes => ({ size, ...each }))
    .find((attributes) =>
      ([0, 1] as const).every((axis) => {
        const { lower, fraction } = interpolation({ ...view, attributes }, axis);
        return wanted[axis].every((at, i) => Math.abs(at - lower[i] - fraction[i]) < 1e-5);
      }),
    );
  if (!same) {
    const scales = plane.map(({ from, to, scale }) => `${from} to ${to} by ${scale}`);
    throw call.unsupported(`linear interpolation, ${named}, ${scales.join(', ')}`);
  }
  call.result(call.emit(resizeBilinear, same, [x]), imageOrder(rank));
}

export const resizeReaders: OpReaders = { Resize: resize, Upsample: resize };
