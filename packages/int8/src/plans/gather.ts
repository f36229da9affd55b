import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { ArgExtremumAttributes, GatherAttributes, NodeView } from '@whittle/core';
import { expectEqualScales, inputScale } from '../quantized-type.js';

/** What GATHER needs: of each of `outer` blocks of `entries` entries, `count` entries of `inner` elements are taken. */
export interface GatherPlan {
  readonly outer: number;
  readonly entries: number;
  readonly inner: number;
  readonly count: number;
}

/** GATHER of int8. @throws QUANTIZATION_INVALID unless the scales are equal; OP_UNSUPPORTED for indices that aren't int32 */
export function gatherPlan(n: NodeView<GatherAttributes>): GatherPlan {
  const [input, indices] = n.inputs;
  expectEqualScales({ ...n, inputs: [input] });
  expectInt32(n, indices.dtype, 'takes indices of');
  const { axis } = n.attributes;
  const shape = concrete(input.shape);
  return {
    outer: sizeOf(shape.slice(0, axis)),
    entries: shape[axis],
    inner: sizeOf(shape.slice(axis + 1)),
    count: sizeOf(concrete(indices.shape)),
  };
}

/** What ARG_MAX and ARG_MIN need: the best of `extent` elements, `inner` apart. */
export interface ArgExtremumPlan {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

/** ARG_MAX or ARG_MIN of int8. @throws QUANTIZATION_INVALID; OP_UNSUPPORTED for indices that aren't int32 */
export function argExtremumPlan(n: NodeView<ArgExtremumAttributes>): ArgExtremumPlan {
  inputScale(n);
  expectInt32(n, n.outputs[0].dtype, 'gives indices of');
  const { axis } = n.attributes;
  const shape = concrete(n.inputs[0].shape);
  return {
    outer: sizeOf(shape.slice(0, axis)),
    extent: shape[axis],
    inner: sizeOf(shape.slice(axis + 1)),
  };
}

function expectInt32(n: { readonly name: string }, dtype: string, what: string): void {
  if (dtype !== 'int32')
    throw new WhittleError('OP_UNSUPPORTED', `${n.name}: the kernel ${what} int32, found ${dtype}`, {
      node: n.name,
    });
}
