import { cast, concat, maximum, minimum, reshape, slice } from '@whittle/core';
import type { BinaryOp, Dim, Id, OpDefinition, ReductionAttributes } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import { axesArgument, integers, operand } from './arguments.js';

const none = { activation: 'none' } as const;

/** Two operands, tensors or numbers, broadcast as numpy does. */
export function binary(call: LayerCall, op: BinaryOp, a: unknown, b: unknown): Id {
  return call.node(op.name, op, none, [operand(call, a), operand(call, b)]);
}

export function reduction(
  call: LayerCall,
  op: OpDefinition<ReductionAttributes>,
  x: Id,
  axis: unknown,
  keepDims: unknown,
): Id {
  const axes = axesArgument(call, x, axis);
  if (axes.includes(0)) throw unsupported(call.where, `${op.name} over the batch`);
  return call.node(op.name, op, { axes: axes as [number], keepDims: keepDims === true }, [x]);
}

/** Values held between two bounds, each a number or left out. */
export function clip(call: LayerCall, x: Id, low: unknown, high: unknown): Id {
  const above = low === undefined ? x : call.node('maximum', maximum, none, [x, operand(call, low)]);
  return high === undefined ? above : call.node('minimum', minimum, none, [above, operand(call, high)]);
}

/** A shape that begins with the batch, which files write as -1, null or a number that was the batch size. */
export function reshapeWhole(call: LayerCall, x: Id, shape: readonly (number | null)[]): Id {
  const size = volume(call.extents(x));
  const rest = shape.slice(1);
  const open = rest.findIndex((dim) => dim === null || dim < 0);
  const known = volume(rest.filter((dim): dim is number => dim !== null && dim >= 0));
  if (known === 0 || size % known !== 0 || (open < 0 && known !== size))
    throw unsupported(
      call.where,
      `a reshape of [${call.shape(x).join(', ')}] to [${shape.join(', ')}], which doesn't keep the batch`,
    );
  const dims = rest.map((dim, i) => (i === open ? size / known : Number(dim)));
  const target: Dim[] = ['batch', ...dims];
  if (volume(dims) !== size) throw invalid(call.where, `a reshape to [${shape.join(', ')}]`);
  return target.join() === call.shape(x).join() ? x : call.node('reshape', reshape, { shape: target }, [x]);
}

function volume(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function expandDims(call: LayerCall, x: Id, axis: unknown): Id {
  const shape = [...call.shape(x)];
  for (const told of integers(call, axis)) {
    const at = call.axis(told, shape.length + 1);
    if (at === 0) throw unsupported(call.where, 'an axis before the batch');
    shape.splice(at, 0, 1);
  }
  return call.node('reshape', reshape, { shape }, [x]);
}

export function squeeze(call: LayerCall, x: Id, axis: unknown): Id {
  const shape = call.shape(x);
  const ones = shape.flatMap((dim, at) => (dim === 1 ? [at] : []));
  const axes = axis === undefined ? ones : axesArgument(call, x, axis);
  if (axes.some((at) => shape[at] !== 1))
    throw invalid(call.where, `axes ${axes.join(', ')} of [${shape.join(', ')}] are not 1`);
  return call.node('reshape', reshape, { shape: shape.filter((_, at) => !axes.includes(at)) }, [x]);
}

export function concatenate(call: LayerCall, inputs: readonly Id[], axis: number): Id {
  const at = call.axis(axis, call.rank(inputs[0]));
  if (at === 0) throw unsupported(call.where, 'a concatenation of batches');
  return inputs.length === 1 ? inputs[0] : call.node('concat', concat, { axis: at }, inputs);
}

export function stack(call: LayerCall, inputs: readonly Id[], axis: number): Id {
  const at = call.axis(axis, call.rank(inputs[0]) + 1);
  return concatenate(
    call,
    inputs.map((id) => expandDims(call, id, at)),
    at,
  );
}

/** Elements of some axes the other way round. */
export function flip(call: LayerCall, x: Id, axis: unknown): Id {
  const ranges = axesArgument(call, x, axis).map((at) => {
    const size = call.shape(x)[at];
    if (size === 'batch') throw unsupported(call.where, 'a batch the other way round');
    return { axis: at, start: size - 1, size, step: size === 1 ? 1 : -1 };
  });
  return call.node('slice', slice, { ranges }, [x]);
}

/** Float or integer values as another type; float types are one. */
export function castTo(call: LayerCall, x: Id, dtype: unknown): Id {
  const name = typeof dtype === 'string' ? dtype : 'float32';
  const wanted = /^(b?float|half|double)/.test(name) ? 'float32' : name;
  if (wanted === call.dtype(x)) return x;
  const types = ['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool'] as const;
  const known = types.find((each) => each === wanted);
  if (!known) throw unsupported(call.where, `a cast to ${name}`);
  return call.node('cast', cast, { dtype: known }, [x]);
}
