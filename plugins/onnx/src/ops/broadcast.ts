import { broadcastShape } from '@whittle/core';
import type { Dim, Id, OpDefinition } from '@whittle/core';
import { broadcastTensor } from '../graph/node-call.js';
import type { Known, NodeCall } from '../graph/node-call.js';
import { completeOrder, storedShape, wideAxes } from '../values/order.js';
import type { Order } from '../values/order.js';
import { sameScramble, shapeOf } from '../values/value.js';
import type { Activation, Scramble } from '../values/value.js';

/** How the result of an element-wise op is stored: as the operand is of which most axes have several elements. */
interface Arrangement {
  readonly shape: readonly Dim[];
  readonly order: Order;
  readonly scramble?: Scramble;
}

/** The i-th result, by an element-wise op of several values with broadcasting; they are all arranged as the largest one is. */
export function broadcastOf<A>(
  call: NodeCall,
  op: OpDefinition<A>,
  attributes: A,
  values: readonly Known[],
  what?: string,
  i = 0,
): void {
  const shape = values
    .map(shapeOf)
    .reduce<readonly Dim[]>((all, own) => broadcastShape({ name: call.where }, all, own), []);
  const to = arrangement(call, shape, values);
  const operands = values.map((value) => operand(call, value, to));
  call.result(call.emit(op, attributes, operands, what, i), to.order, { i, shape, scramble: to.scramble });
}

function arrangement(call: NodeCall, shape: readonly Dim[], values: readonly Known[]): Arrangement {
  const activations = values.filter((value) => value.kind === 'activation');
  if (activations.length === 0) return arrangement(call, shape, [call.activation(values[0])]);
  const wide = (value: Activation) => wideAxes(value.shape, value.order).length;
  const leader = activations.reduce((most, value) => (wide(value) > wide(most) ? value : most));
  const shift = shape.length - leader.shape.length;
  const keepsScramble = activations.every(
    (other) =>
      other === leader ||
      (sameScramble(leader.scramble, other.scramble) && shape.length === other.shape.length),
  );
  const stored = keepsScramble ? leader : call.graph.unscrambled(leader);
  const aligned = stored.order.map((axis) => (axis < 0 ? -1 : axis + shift));
  const own = [...new Array<Dim>(shift).fill(1), ...stored.shape];
  const isPlaced = shape.every((dim, axis) => dim === 1 || aligned.includes(axis));
  const order = isPlaced ? aligned : completeOrder(own, aligned);
  const scramble = stored.scramble && { ...stored.scramble, axis: stored.scramble.axis + shift };
  return { shape, order, ...(scramble && { scramble }) };
}

/** An operand, arranged so that it broadcasts where values are stored. */
function operand(call: NodeCall, value: Known, { shape, order, scramble }: Arrangement): Id {
  const rank = shape.length;
  if (value.kind === 'constant') {
    const how = `broadcast ${rank} ${order.join()} ${JSON.stringify(scramble)}`;
    return call.parameter(value, 'weight', how, (t) => broadcastTensor(t, rank, order, scramble));
  }
  const shift = rank - value.shape.length;
  const isWide = scramble !== undefined && value.scramble !== undefined;
  const aligned: Activation = {
    ...value,
    shape: [...new Array<Dim>(shift).fill(1), ...value.shape],
    order: value.order.map((axis) => (axis < 0 ? -1 : axis + shift)),
  };
  if (!isWide) return call.graph.stored(aligned, order);
  return call.reshape(value.id, storedShape(aligned.shape, order));
}
