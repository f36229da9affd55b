import { sizeOf, stridesOf } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { concatPlan, padPlan } from '../plans/data-movement.js';

/** RESHAPE: stored values are copied; scales are never compared. */
export function prepareReshape(): Int8Kernel {
  return ([input], [output]) => output.set(input as never);
}

/** CONCATENATION. */
export function prepareConcat(n: NodeView<{ readonly axis: number }>): Int8Kernel {
  const { rows, widths } = concatPlan(n);
  return (inputs, [output]) => {
    let at = 0;
    for (let row = 0; row < rows; row++)
      widths.forEach((width, i) => {
        output.set(inputs[i].subarray(row * width, (row + 1) * width) as never, at);
        at += width;
      });
  };
}

/** PAD and PADV2. */
export function preparePad(n: NodeView<Parameters<typeof padPlan>[0]['attributes']>): Int8Kernel {
  const { inputShape, paddings, value } = padPlan(n);
  const shape = inputShape.map((dim, axis) => dim + paddings[axis][0] + paddings[axis][1]);
  const from = stridesOf(inputShape);
  const to = stridesOf(shape);
  const target = Int32Array.from({ length: sizeOf(inputShape) }, (_, i) =>
    inputShape.reduce(
      (sum, dim, axis) => sum + ((Math.floor(i / from[axis]) % dim) + paddings[axis][0]) * to[axis],
      0,
    ),
  );
  return ([input], [output]) => {
    output.fill(value as never);
    for (let i = 0; i < target.length; i++) output[target[i]] = input[i];
  };
}
