import { concrete, WhittleError } from '@whittle/core';
import type { ValueType } from '@whittle/core';
import { struct } from '@whittle/kernel-api';
import type { KernelArgument } from '@whittle/kernel-api';

/** Dimensions around the innermost one that the kernels walk over. */
const OUTER = 4;

interface MergedDim {
  size: number;
  readonly a: boolean;
  readonly b: boolean;
}

/**
 * How operands a and b meet, as the kernels read it: dimensions along which neither, or only the same one, is repeated
 * are merged. @throws OP_UNSUPPORTED where more than five are left
 */
export function broadcastArgument(n: { readonly name: string }, a: ValueType, b: ValueType): KernelArgument {
  const merged = mergeDims(concrete(a.shape), concrete(b.shape));
  const inner = merged.pop() ?? { size: 1, a: true, b: true };
  if (merged.length > OUTER)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] alternate in what is repeated more than ${OUTER} times`,
      { node: n.name },
    );
  while (merged.length < OUTER) merged.unshift({ size: 1, a: false, b: false });
  return struct('whittle_broadcast', {
    inner: inner.size,
    a_step: Number(inner.a),
    b_step: Number(inner.b),
    outer: merged.map((dim) => dim.size),
    a_strides: strides(merged, inner, 'a'),
    b_strides: strides(merged, inner, 'b'),
  });
}

/** Whether an operand has every element of the result, so that the result may take its place. */
export function isWhole(operand: ValueType, result: ValueType): boolean {
  const from = concrete(operand.shape);
  const to = concrete(result.shape);
  return from.length === to.length && from.every((dim, i) => dim === to[i]);
}

function mergeDims(a: readonly number[], b: readonly number[]): MergedDim[] {
  const rank = Math.max(a.length, b.length);
  const merged: MergedDim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - (rank - a.length)] ?? 1;
    const y = b[axis - (rank - b.length)] ?? 1;
    if (x === 1 && y === 1) continue;
    const dim = { size: Math.max(x, y), a: x > 1, b: y > 1 };
    const last = merged[merged.length - 1];
    if (last && last.a === dim.a && last.b === dim.b) last.size *= dim.size;
    else merged.push(dim);
  }
  return merged;
}

function strides(outer: readonly MergedDim[], inner: MergedDim, side: 'a' | 'b'): number[] {
  let stride = inner[side] ? inner.size : 1;
  const result = new Array<number>(outer.length).fill(0);
  for (let d = outer.length - 1; d >= 0; d--)
    if (outer[d][side]) {
      result[d] = stride;
      stride *= outer[d].size;
    }
  return result;
}
