import { concrete, mirrorPad, resizeNearest, sizeOf, slice, tile, WhittleError } from '@whittle/core';
import type {
  AxisIndices,
  MirrorPadAttributes,
  NodeView,
  ResizeAttributes,
  SelectionOp,
  SliceAttributes,
  SplitAttributes,
  TileAttributes,
} from '@whittle/core';
import { expectQuantization } from '../errors.js';
import {
  expectEqualScales,
  expectSymmetricInt16,
  INT8_ONLY,
  INT8_OR_INT16,
  STORED_RANGE,
} from '../quantized-type.js';
import type { ActivationDType, ActivationScale, TensorScale } from '../quantized-type.js';
import { roundHalfAway } from '../rounding.js';

/** What TFLM's kernels that move elements take. */
const MAX_RANK = 5;
const MAX_STRIDED_RANK = 4;

function expectRankAtMost(n: NodeView<unknown>, what: string, limit: number): void {
  const rank = n.inputs[0].shape.length;
  if (rank > limit)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: ${what} takes rank ${limit} at most, found ${rank}`,
      {
        node: n.name,
      },
    );
}

/** What PAD and PADV2 need. */
export interface PadPlan {
  readonly inputShape: readonly number[];
  /** [before, after] of each axis. */
  readonly paddings: readonly (readonly [number, number])[];
  /** The stored value that fills the margins: the zero point where the real value is 0. */
  readonly value: number;
}

/**
 * PAD of int16 fills with 0, whatever the zero point.
 * @throws QUANTIZATION_INVALID unless scales are equal, the margin's value in range, and int16 has zero point 0;
 * OP_UNSUPPORTED above rank 5
 */
export function padPlan(
  n: NodeView<{ readonly paddings: readonly (readonly [number, number])[]; readonly value: number }>,
): PadPlan {
  const output = expectEqualScales(n, INT8_OR_INT16);
  expectSymmetricInt16(n, output, 'output');
  const inputShape = concrete(n.inputs[0].shape);
  expectRankAtMost(n, 'pad', MAX_RANK);
  expectQuantization(
    storesMargin(n.attributes.value, output),
    n,
    () => `the margin's value ${n.attributes.value} is out of the input's range`,
  );
  return { inputShape, paddings: n.attributes.paddings, value: storedMargin(n.attributes.value, output) };
}

function storedMargin(value: number, { scale, zeroPoint }: TensorScale): number {
  return roundHalfAway(value / scale) + zeroPoint;
}

/** Whether margins of a real value can be stored by a scale. */
export function storesMargin(value: number, scale: ActivationScale): boolean {
  const { min, max } = STORED_RANGE[scale.dtype];
  const stored = storedMargin(value, scale);
  return stored >= min && stored <= max;
}

/** What CONCATENATION needs: for each operand, `widths[i]` elements are copied `rows` times. */
export interface ConcatPlan {
  readonly rows: number;
  readonly widths: readonly number[];
}

/** TFLM's limit on the operands of one CONCATENATION. */
export const MAX_CONCAT_OPERANDS = 10;

/**
 * @throws QUANTIZATION_INVALID unless all scales are equal, and int16 has zero point 0; OP_UNSUPPORTED for more than 10
 * operands
 */
export function concatPlan(n: NodeView<{ readonly axis: number }>): ConcatPlan {
  expectSymmetricInt16(n, expectEqualScales(n, INT8_OR_INT16), 'output');
  if (n.inputs.length > MAX_CONCAT_OPERANDS)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: concat takes ${MAX_CONCAT_OPERANDS} operands at most, found ${n.inputs.length}`,
      { node: n.name },
    );
  const { axis } = n.attributes;
  const shapes = n.inputs.map((type) => concrete(type.shape));
  return {
    rows: sizeOf(shapes[0].slice(0, axis)),
    widths: shapes.map((shape) => sizeOf(shape.slice(axis))),
  };
}

/** What ops need that pick elements axis by axis: slices, repetition, mirrored margins, enlargement. */
export interface SelectionPlan {
  readonly inputShape: readonly number[];
  /** For each axis which index of the input every index of the output has; undefined where the axis stays as it is. */
  readonly indices: AxisIndices;
}

/** `dtypes`: what the op's kernel takes. @throws QUANTIZATION_INVALID unless the scales are equal; OP_UNSUPPORTED above rank 5 */
function selectionPlan<A>(
  op: SelectionOp<A>,
  n: NodeView<A>,
  dtypes: readonly ActivationDType[],
): SelectionPlan {
  expectEqualScales(n, dtypes);
  expectRankAtMost(n, op.name, MAX_RANK);
  return { inputShape: concrete(n.inputs[0].shape), indices: op.indices(n) };
}

/** MIRROR_PAD of int8. @throws QUANTIZATION_INVALID unless the scales are equal; OP_UNSUPPORTED above rank 5 */
export function mirrorPadPlan(n: NodeView<MirrorPadAttributes>): SelectionPlan {
  return selectionPlan(mirrorPad, n, INT8_ONLY);
}

/** RESIZE_NEAREST_NEIGHBOR. @throws QUANTIZATION_INVALID unless the scales are equal */
export function resizeNearestPlan(n: NodeView<ResizeAttributes>): SelectionPlan {
  return selectionPlan(resizeNearest, n, INT8_OR_INT16);
}

/**
 * SLICE, or STRIDED_SLICE where a step is not 1.
 * @throws QUANTIZATION_INVALID; OP_UNSUPPORTED above rank 5, or 4 with steps
 */
export function slicePlan(n: NodeView<SliceAttributes>): SelectionPlan {
  if (n.attributes.ranges.some(({ step }) => step !== 1))
    expectRankAtMost(n, 'slice with steps', MAX_STRIDED_RANK);
  return selectionPlan(slice, n, INT8_OR_INT16);
}

/** TILE, or BROADCAST_TO. @throws QUANTIZATION_INVALID unless the scales are equal; OP_UNSUPPORTED above rank 5 */
export function tilePlan(n: NodeView<TileAttributes>): SelectionPlan {
  return selectionPlan(tile, n, INT8_OR_INT16);
}

/** What SPLIT and SPLIT_V need: `rows` times, `widths[i]` elements go to each output. */
export interface SplitPlan {
  readonly rows: number;
  readonly widths: readonly number[];
}

/** @throws QUANTIZATION_INVALID unless all scales are equal */
export function splitPlan(n: NodeView<SplitAttributes>): SplitPlan {
  expectEqualScales(n, INT8_OR_INT16);
  const { axis } = n.attributes;
  return {
    rows: sizeOf(concrete(n.inputs[0].shape).slice(0, axis)),
    widths: n.outputs.map(({ shape }) => sizeOf(concrete(shape).slice(axis))),
  };
}

/** What ops need that bring axes into another order: output axis i is axis `permutation[i]` of `shape`. */
export interface PermutationPlan {
  /** The input's shape, its axes split where the op takes them apart. */
  readonly shape: readonly number[];
  readonly permutation: readonly number[];
}

/** TRANSPOSE. @throws QUANTIZATION_INVALID unless the scales are equal; OP_UNSUPPORTED above rank 5 */
export function transposePlan(n: NodeView<{ readonly permutation: readonly number[] }>): PermutationPlan {
  expectEqualScales(n, INT8_OR_INT16);
  expectRankAtMost(n, 'transpose', MAX_RANK);
  return { shape: concrete(n.inputs[0].shape), permutation: n.attributes.permutation };
}

/** DEPTH_TO_SPACE. @throws QUANTIZATION_INVALID unless the scales are equal */
export function depthToSpacePlan(n: NodeView<{ readonly blockSize: number }>): PermutationPlan {
  expectEqualScales(n);
  const { blockSize: b } = n.attributes;
  const [batch, height, width, channels] = concrete(n.inputs[0].shape);
  return { shape: [batch, height, width, b, b, channels / b ** 2], permutation: [0, 1, 3, 2, 4, 5] };
}

/** SPACE_TO_DEPTH. @throws QUANTIZATION_INVALID unless the scales are equal */
export function spaceToDepthPlan(n: NodeView<{ readonly blockSize: number }>): PermutationPlan {
  expectEqualScales(n);
  const { blockSize: b } = n.attributes;
  const [batch, height, width, channels] = concrete(n.inputs[0].shape);
  return { shape: [batch, height / b, b, width / b, b, channels], permutation: [0, 1, 3, 2, 4, 5] };
}
