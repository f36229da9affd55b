import type { Dim } from '../model.js';
import { formatShape } from '../model.js';
import { expectShape } from '../op.js';
import type { NodeView, Span } from '../op.js';
import { sizeOf, stridesOf } from '../tensor.js';

/** Ties every axis of the output to the same axis of each operand, aligned at the end; broadcast axes are left out. */
export function elementwiseTies(n: NodeView<unknown>): Span[][] {
  const out = n.outputs[0].shape;
  return out.map((dim, axis) => {
    const count = dim === 'batch' ? 1 : dim;
    const tie: Span[] = [{ value: n.outputIds[0], axis, count }];
    n.inputs.forEach((input, i) => {
      const at = axis - (out.length - input.shape.length);
      if (at >= 0 && input.shape[at] === dim) tie.push({ value: n.inputIds[i], axis: at, count });
    });
    return tie;
  });
}

/** The shape that numpy's broadcasting rules give. @throws SHAPE_MISMATCH */
export function broadcastShape(n: { readonly name: string }, a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - (rank - a.length)] ?? 1;
    const y = b[axis - (rank - b.length)] ?? 1;
    expectShape(
      x === y || x === 1 || y === 1,
      n,
      () => `shapes ${formatShape(a)} and ${formatShape(b)} don't broadcast`,
    );
    return x === 1 ? y : x;
  });
}

/**
 * Calls `visit(outIndex, aIndex, bIndex)` for each element of a broadcast result: flat indices.
 * Operands have rank at most that of the result.
 */
export function forEachBroadcast(
  out: readonly number[],
  a: readonly number[],
  b: readonly number[],
  visit: (out: number, a: number, b: number) => void,
): void {
  const sa = broadcastStrides(out, a);
  const sb = broadcastStrides(out, b);
  const index = new Array<number>(out.length).fill(0);
  const total = sizeOf(out);
  let ia = 0;
  let ib = 0;
  for (let i = 0; i < total; i++) {
    visit(i, ia, ib);
    for (let axis = out.length - 1; axis >= 0; axis--) {
      index[axis]++;
      ia += sa[axis];
      ib += sb[axis];
      if (index[axis] < out[axis]) break;
      ia -= sa[axis] * out[axis];
      ib -= sb[axis] * out[axis];
      index[axis] = 0;
    }
  }
}

function broadcastStrides(out: readonly number[], operand: readonly number[]): number[] {
  const strides = stridesOf(operand);
  const offset = out.length - operand.length;
  return out.map((_, axis) => (axis < offset || operand[axis - offset] === 1 ? 0 : strides[axis - offset]));
}
