import type { Id, Model, Node } from '../model.js';
import { typeOf } from '../model.js';
import { stridesOf } from '../tensor.js';
import type { ChannelConstants } from './held-constants.js';
import { nothing } from './held-constants.js';

/** An element-wise op of two operands, of which parameters are known, and removed channels of values. */
export function combinedConstants(
  model: Model,
  node: Node,
  combine: (a: number, b: number) => number,
  absorbing: boolean,
  known: ReadonlyMap<Id, ChannelConstants>,
  shape: readonly number[],
): ChannelConstants {
  const rankOf = (id: Id) => typeOf(model, id).shape.length;
  const aligned = (id: Id) => known.get(id)?.axes.map((axis) => axis + shape.length - rankOf(id));
  const axes = aligned(node.inputs[0]) ?? aligned(node.inputs[1]);
  if (!axes) return nothing([shape.length - 1]);
  const indices = new Set(
    node.inputs.flatMap((id) => [
      ...(known.get(id)?.at.keys() ?? []),
      ...(known.get(id)?.varying.keys() ?? []),
    ]),
  );
  const at = new Map<number, number>();
  const varying = new Map<number, string>();
  for (const index of indices) {
    const operands = node.inputs.map((id) =>
      operandAt(model, id, index, axes, aligned(id), known.get(id), shape),
    );
    const reason = operands.find((each) => typeof each === 'string');
    if (absorbing && operands.includes(0)) at.set(index, 0);
    else if (typeof reason === 'string') varying.set(index, reason);
    else at.set(index, combine(Number(operands[0]), Number(operands[1])));
  }
  return { axes, at, varying };
}

/** What an operand adds to a channel: a number, or why it is none. */
function operandAt(
  model: Model,
  id: Id,
  index: number,
  axes: readonly number[],
  own: readonly number[] | undefined,
  held: ChannelConstants | undefined,
  shape: readonly number[],
): number | string {
  const parameter = model.parameters.get(id)?.tensor;
  if (!parameter) {
    if (!held || own?.join() !== axes.join()) return `they meet ${id}, which depends on the input`;
    return held.varying.get(index) ?? held.at.get(index) ?? `they meet ${id}, which depends on the input`;
  }
  // Places of the channel along the parameter's axes; those that tell no channels apart must not tell values apart.
  const offset = shape.length - parameter.shape.length;
  const strides = stridesOf(parameter.shape);
  let start = 0;
  let left = index;
  for (const axis of [...axes].reverse()) {
    const place = left % shape[axis];
    left = Math.floor(left / shape[axis]);
    if (axis >= offset && parameter.shape[axis - offset] > 1) start += place * strides[axis - offset];
  }
  const others = parameter.shape.flatMap((extent, axis) =>
    axes.includes(axis + offset) || extent === 1 ? [] : [axis],
  );
  let offsets = [start];
  for (const axis of others)
    offsets = offsets.flatMap((from) =>
      Array.from({ length: parameter.shape[axis] }, (_, i) => from + i * strides[axis]),
    );
  const value = Number(parameter.data[start]);
  return offsets.every((each) => Number(parameter.data[each]) === value)
    ? value
    : `they meet ${id}, which differs from place to place`;
}
