import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { expectEqualScales } from '../quantized-type.js';
import { roundHalfAway } from '../rounding.js';

/** What PAD and PADV2 of int8 need. */
export interface PadPlan {
  readonly inputShape: readonly number[];
  /** [before, after] of each axis. */
  readonly paddings: readonly (readonly [number, number])[];
  /** The stored value that fills the margins: the zero point where the real value is 0. */
  readonly value: number;
}

/** @throws QUANTIZATION_INVALID unless scales are equal and the margin's value is in range; OP_UNSUPPORTED above rank 5 */
export function padPlan(
  n: NodeView<{ readonly paddings: readonly (readonly [number, number])[]; readonly value: number }>,
): PadPlan {
  const { scale, zeroPoint } = expectEqualScales(n);
  const inputShape = concrete(n.inputs[0].shape);
  if (inputShape.length > 5)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: pad takes rank 5 at most, found ${inputShape.length}`,
      {
        node: n.name,
      },
    );
  const value = roundHalfAway(n.attributes.value / scale) + zeroPoint;
  expectQuantization(
    value >= -128 && value <= 127,
    n,
    () => `the margin's value ${n.attributes.value} is out of the input's range`,
  );
  return { inputShape, paddings: n.attributes.paddings, value };
}

/** What CONCATENATION of int8 needs: for each operand, `widths[i]` bytes are copied `rows` times. */
export interface ConcatPlan {
  readonly rows: number;
  readonly widths: readonly number[];
}

/** TFLM's limit on the operands of one CONCATENATION. */
export const MAX_CONCAT_OPERANDS = 10;

/** @throws QUANTIZATION_INVALID unless all scales are equal; OP_UNSUPPORTED for more than 10 operands */
export function concatPlan(n: NodeView<{ readonly axis: number }>): ConcatPlan {
  expectEqualScales(n);
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
