import { concrete, stridesOf } from '@whittle/core';
import { concatPlan, padPlan } from '@whittle/int8';
import { input, integer, operand, output, struct } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, elements, extents } from './kernel-call.js';

type PadAttributes = {
  readonly paddings: readonly (readonly [number, number])[];
  readonly value: number;
};

/** Flatten and reshape: other names for the same bytes. */
export function lowerView(): KernelPlan {
  return { calls: [], view: true };
}

export function lowerConcat(node: KernelNode<{ readonly axis: number }>): KernelPlan {
  const { rows, widths } = concatPlan(node);
  const row = widths.reduce((sum, width) => sum + width, 0);
  let start = 0;
  const calls = widths.map((width, i) => {
    const params = copyParams(node, {
      chunk: width,
      sizes: [rows],
      inputStrides: [width],
      outputStrides: [row],
      outputStart: start,
    });
    start += width;
    return call('whittle_copy', params, operand(node, i, `operand_${i}`), output(0));
  });
  return { calls };
}

export function lowerPad(node: KernelNode<PadAttributes>): KernelPlan {
  const { inputShape, paddings, value } = padPlan(node);
  const outputStrides = stridesOf(concrete(node.outputs[0].shape));
  const start = paddings.reduce((sum, [before], axis) => sum + before * outputStrides[axis], 0);
  const last = inputShape.length - 1;
  const params = copyParams(node, {
    chunk: inputShape[last],
    sizes: inputShape.slice(0, last),
    inputStrides: stridesOf(inputShape).slice(0, last),
    outputStrides: outputStrides.slice(0, last),
    outputStart: start,
  });
  return {
    calls: [
      call('whittle_fill_s8', integer(value), integer(elements(node.outputs[0])), output(0)),
      call('whittle_copy', params, input(0), output(0)),
    ],
  };
}

/** A strided copy of int8, up to five dimensions of chunks. */
interface Copy {
  readonly chunk: number;
  readonly sizes: readonly number[];
  readonly inputStrides: readonly number[];
  readonly outputStrides: readonly number[];
  readonly outputStart: number;
}

function copyParams(node: KernelNode<unknown>, copy: Copy): KernelArgument {
  extents(node, Object.fromEntries(copy.sizes.map((size, axis) => [`extent ${axis}`, size])));
  return struct('whittle_copy_params', {
    chunk: copy.chunk,
    sizes: leftPadded(copy.sizes, 1),
    input_strides: leftPadded(copy.inputStrides, 0),
    output_strides: leftPadded(copy.outputStrides, 0),
    input_start: 0,
    output_start: copy.outputStart,
  });
}

function leftPadded(list: readonly number[], filler: number): number[] {
  return [...new Array<number>(5 - list.length).fill(filler), ...list];
}
