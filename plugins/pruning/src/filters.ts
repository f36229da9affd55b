import { stridesOf, WhittleError } from '@whittle/core';
import type { ChannelGroup, Id, Model, Node, Tensor } from '@whittle/core';

/** A slot of a group that is an axis of a parameter: of each channel, its indices along the axis. */
export interface ParameterSlot {
  readonly id: Id;
  readonly axis: number;
  /** Position in `group.slots`. */
  readonly slot: number;
}

/** Where the input channels of a layer's weight are counted: the innermost axis that counts no outputs. */
export function inputAxis(node: Node): number {
  return node.op.linear!.outputAxes[0] - 1;
}

/** Whether a layer mixes all of its input channels: linear, and no depthwise convolution, whose channels stay apart. */
function mixes(node: Node): boolean {
  return node.op.linear?.outputAxes.length === 1;
}

/**
 * The filters of a group: weights along an axis that counts what they compute. Several where channels are coupled, by a
 * residual addition or a depthwise convolution say.
 */
export function filterSlots(model: Model, group: ChannelGroup): ParameterSlot[] {
  const read = new Set(readersOf(model, group).map(({ weight: { id, axis } }) => `${axis} ${id}`));
  return parameterSlots(model, group, 'weight').filter(({ id, axis }) => !read.has(`${axis} ${id}`));
}

/** The slots of a group that are parameters of one role. */
export function parameterSlots(
  model: Model,
  group: ChannelGroup,
  role: 'weight' | 'scale' | 'offset',
): ParameterSlot[] {
  return group.slots.flatMap(({ value, axis }, slot) =>
    model.parameters.get(value)?.role === role ? [{ id: value, axis, slot }] : [],
  );
}

/** A layer that reads a group's channels and mixes them: convolutions that aren't depthwise, and dense layers. */
export interface Reader {
  readonly node: Node;
  /** The weight, along the axis of its input channels. */
  readonly weight: ParameterSlot;
}

/** The layers that read a group's channels, in order of computation; each weight once, though several layers share it. */
export function readersOf(model: Model, group: ChannelGroup): Reader[] {
  const slots = new Map(group.slots.map(({ value, axis }, slot) => [`${axis} ${value}`, slot]));
  const seen = new Set<Id>();
  return model.nodes.flatMap((node) => {
    const id = node.inputs[1];
    if (!mixes(node) || seen.has(id)) return [];
    const axis = inputAxis(node);
    const slot = slots.get(`${axis} ${id}`);
    if (slot === undefined || !model.parameters.has(id)) return [];
    seen.add(id);
    return [{ node, weight: { id, axis, slot } }];
  });
}

/** Calls `visit` with the position of each element of a tensor that has one of these indices along an axis, in order. */
export function forEachElement(
  { shape }: Pick<Tensor, 'shape'>,
  axis: number,
  indices: readonly number[],
  visit: (position: number) => void,
): void {
  const inner = stridesOf(shape)[axis];
  const step = inner * shape[axis];
  const size = shape.reduce((a, b) => a * b, 1);
  for (let outer = 0; outer < size; outer += step)
    for (const index of indices) for (let i = 0; i < inner; i++) visit(outer + index * inner + i);
}

/** The elements of some slots that belong to one channel, one slot after another. */
export function elementsOf(
  model: Model,
  group: ChannelGroup,
  channel: number,
  slots: readonly ParameterSlot[],
): Float64Array {
  const values: number[] = [];
  for (const { id, axis, slot } of slots) {
    const tensor = floatParameter(model, id);
    const { indices } = group.channels[channel];
    forEachElement(tensor, axis, indices[slot], (position) => values.push(tensor.data[position]));
  }
  return Float64Array.from(values);
}

/** A parameter that must be of float32. @throws MODEL_INVALID where it is quantized */
export function floatParameter(model: Model, id: Id): Tensor<'float32'> {
  const tensor = model.parameters.get(id)?.tensor;
  if (tensor?.dtype !== 'float32')
    throw new WhittleError(
      'MODEL_INVALID',
      `pruning: parameter '${id}' must be float32, found ${tensor?.dtype ?? 'none'}: prune before quantization`,
    );
  return tensor as Tensor<'float32'>;
}
