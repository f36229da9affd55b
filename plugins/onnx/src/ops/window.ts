import type { ExplicitPadding, Padding, Pair } from '@whittle/core';
import { largestExtent } from '../graph/limits.js';
import type { NodeCall } from '../graph/node-call.js';

/** Where windows of a convolution or pool lie: one or two axes of positions; of one, the rows are a single one. */
export interface Windows {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pads: ExplicitPadding;
}

/** Extents of one or two axes as rows and columns. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function pairOf(call: NodeCall, values: readonly number[], axes: number, what: string): Pair {
  if (axes > 2) throw call.unsupported(`${axes} axes of positions`);
  if (values.length !== axes || values.some((n) => !Number.isSafeInteger(n) || n < 1 || n > largestExtent))
    throw call.invalid(`${what} [${values.join(', ')}] for ${axes} axes`);
  return axes === 1 ? [1, values[0]] : [values[0], values[1]];
}

/** @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function windowsOf(call: NodeCall, image: Pair, axes: number, kernel: readonly number[]): Windows {
  const { attributes } = call;
  const ones = new Array<number>(axes).fill(1);
  const size = pairOf(call, kernel, axes, 'kernel_shape');
  const strides = pairOf(call, attributes.ints('strides') ?? ones, axes, 'strides');
  const dilations = pairOf(call, attributes.ints('dilations') ?? ones, axes, 'dilations');
  const reach = ([0, 1] as const).map((i) => (size[i] - 1) * dilations[i] + 1);
  const pads = padsOf(call, axes, (i) => {
    const out = Math.ceil(image[i] / strides[i]);
    return Math.max(0, (out - 1) * strides[i] + reach[i] - image[i]);
  });
  return { kernel: size, strides, dilations, pads };
}

/** Padding as attributes have it, or such that as many windows fit as the strides leave: `sameTotal` says how much that is. */
function padsOf(call: NodeCall, axes: number, sameTotal: (axis: 0 | 1) => number): ExplicitPadding {
  const mode = call.attributes.text('auto_pad', 'NOTSET');
  switch (mode) {
    case 'NOTSET':
    case '':
      return explicitPads(call, axes);
    case 'VALID':
      return { top: 0, bottom: 0, left: 0, right: 0 };
    case 'SAME_UPPER':
    case 'SAME_LOWER': {
      const less = (total: number) => Math.floor(total / 2);
      const [rows, columns] = [sameTotal(0), sameTotal(1)];
      const upper = mode === 'SAME_UPPER';
      const [top, left] = [rows, columns].map((total) => (upper ? less(total) : total - less(total)));
      return { top, bottom: rows - top, left, right: columns - left };
    }
    default:
      throw call.invalid(`auto_pad ${mode}`);
  }
}

/** The attribute `pads`: of each axis what is before, then of each what is behind. */
export function explicitPads(call: NodeCall, axes: number): ExplicitPadding {
  const pads = call.attributes.ints('pads') ?? new Array<number>(2 * axes).fill(0);
  if (pads.length !== 2 * axes || pads.some((n) => !Number.isSafeInteger(n) || Math.abs(n) > largestExtent))
    throw call.invalid(`pads [${pads.join(', ')}] for ${axes} axes`);
  if (pads.some((n) => n < 0)) throw call.unsupported(`negative pads [${pads.join(', ')}]`);
  if (axes === 1) return { top: 0, bottom: 0, left: pads[0], right: pads[1] };
  return { top: pads[0], left: pads[1], bottom: pads[2], right: pads[3] };
}

/** Padding by name where it is what the name says, else as it is. */
export function namedPadding({ kernel, strides, dilations, pads }: Windows, image: Pair): Padding {
  const { top, bottom, left, right } = pads;
  if (top + bottom + left + right === 0) return 'valid';
  const isSame = ([0, 1] as const).every((i) => {
    const reach = (kernel[i] - 1) * dilations[i] + 1;
    const total = Math.max(0, (Math.ceil(image[i] / strides[i]) - 1) * strides[i] + reach - image[i]);
    const [before, after] = i === 0 ? [top, bottom] : [left, right];
    return before === Math.floor(total / 2) && before + after === total;
  });
  return isSame ? 'same' : { ...pads };
}

/** The order in which images are stored for ops over rows and columns; one of a single axis of positions gets a row. */
export function imageOrder(rank: number): number[] {
  return rank === 3 ? [0, -1, 2, 1] : [0, 2, 3, 1];
}
