import { concrete, float32, permuteAxes, sizeOf, take, tensor } from '@whittle/core';
import type { Dim, Id, OpDefinition, ParameterRole, Tensor } from '@whittle/core';
import { BatchMixed, invalid, unsupported } from '../faults.js';
import type { NodeProto } from '../proto/messages.js';
import type { ExternalData } from '../tensors/read-tensor.js';
import { channelsLast, completeOrder, identity, sameNumbers, storedShape } from '../values/order.js';
import type { Order } from '../values/order.js';
import { dtypeOf, scrambledIndices, shapeOf } from '../values/value.js';
import type { Activation, Constant, Scramble } from '../values/value.js';
import { NodeAttributes } from './attributes.js';
import type { GraphWriter } from './graph-writer.js';

/** A value that has been read. */
export type Known = Activation | Constant;

/** One node that is being read: its attributes and operands, and what it adds to the model. */
export class NodeCall {
  readonly node: NodeProto;
  /** The version of its operator set. */
  readonly opset: number;
  readonly attributes: NodeAttributes;
  readonly graph: GraphWriter;
  readonly external: ExternalData;
  /** The node's name, or that of its first result: where errors are. */
  readonly where: string;
  readonly #values: readonly (Known | undefined)[];
  readonly #results: (Known | undefined)[] = [];

  constructor(
    node: NodeProto,
    opset: number,
    graph: GraphWriter,
    external: ExternalData,
    values: readonly (Known | undefined)[],
  ) {
    this.node = node;
    this.opset = opset;
    this.graph = graph;
    this.external = external;
    this.where = node.name || node.output?.[0] || 'node';
    this.attributes = new NodeAttributes(node, this.where);
    this.#values = values;
  }

  get op(): string {
    return this.node.opType ?? '';
  }

  /** The name of the i-th result. */
  name(i = 0): string {
    return this.node.output?.[i] || this.where;
  }

  get operands(): readonly (Known | undefined)[] {
    return this.#values;
  }

  has(i: number): boolean {
    return this.#values[i] !== undefined;
  }

  /** An operand that must be there. @throws FORMAT_INVALID */
  operand(i: number): Known {
    const value = this.#values[i];
    if (!value) throw invalid(this.where, `${this.op} without its operand ${i}`);
    return value;
  }

  rank(i: number): number {
    return shapeOf(this.operand(i)).length;
  }

  /** An operand that must be known. @throws OP_UNSUPPORTED */
  constant(i: number, what: string): Constant {
    const value = this.operand(i);
    if (value.kind !== 'constant') throw unsupported(this.where, `${this.op} with ${what} that is computed`);
    return value;
  }

  /** The elements of an operand that must be known: shapes, axes, scales. @throws OP_UNSUPPORTED, FORMAT_INVALID */
  numbers(i: number, what: string): number[] {
    const { tensor: value } = this.constant(i, what);
    if (value.data.length > 1 << 20) throw invalid(this.where, `${what} of ${value.data.length} elements`);
    return Array.from(value.data as Float32Array, Number);
  }

  /** The elements of an operand that must be known, where it is there; or of an attribute. */
  numbersOr(i: number, attribute: string): readonly number[] | undefined {
    return this.has(i) ? this.numbers(i, attribute) : this.attributes.ints(attribute);
  }

  /** An axis, counted from the end where it is negative. @throws FORMAT_INVALID */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(counted) || counted < 0 || counted >= rank)
      throw invalid(this.where, `axis ${axis} of a value of rank ${rank}`);
    return counted;
  }

  /** A value as one that the model computes: a constant becomes a parameter in the file's order. */
  activation(value: Known): Activation {
    if (value.kind === 'activation') return value;
    const { shape, dtype } = value.tensor;
    const order = identity(shape.length);
    return { kind: 'activation', id: this.stored(value, order), dtype, shape, order };
  }

  /** Id of a value stored in an order, its indices in the file's order. */
  stored(value: Known, order: Order): Id {
    return value.kind === 'activation'
      ? this.graph.stored(value, order)
      : this.parameter(value, 'weight', `o${order.join()}`, (t) => storedTensor(t, order));
  }

  /**
   * A parameter made of a constant; `how` says what `arrange` does, so that others may share it.
   * @throws BatchMixed where the size of the batch is in it
   */
  parameter(
    value: Constant,
    role: ParameterRole,
    how: string,
    arrange: (value: Tensor) => Tensor = (each) => each,
    name = value.name,
  ): Id {
    if (value.batch?.size) throw new BatchMixed(this.where, 'the size of the batch is computed with');
    return this.graph.parameter(name, role, `${value.name} ${how}`, () => arrange(value.tensor));
  }

  /** A parameter of this node's own. */
  own(what: string, role: ParameterRole, value: Tensor): Id {
    const name = `${this.name()}/${what}`;
    return this.graph.parameter(name, role, `${name} own`, () => value);
  }

  scalar(value: number, what: string): Id {
    return this.own(what, 'weight', float32([1], [value]));
  }

  /** Adds a node; it has the name of the i-th result, with `what` behind it where that is told. */
  emit<A>(op: OpDefinition<A>, attributes: A, inputs: readonly Id[], what?: string, i = 0): Id {
    return this.graph.node(
      what === undefined ? this.name(i) : `${this.name(i)}/${what}`,
      op,
      attributes,
      inputs,
    );
  }

  reshape(id: Id, shape: readonly Dim[]): Id {
    return this.graph.reshape(`${this.name()}/reshaped`, id, shape);
  }

  /** Says what the i-th result is: `id`, stored in an order. The file's shape follows where none is told. */
  result(id: Id, order: Order, options: ResultOptions = {}): void {
    const type = this.graph.typeOf(id);
    const shape = options.shape ?? shapeFrom(type.shape, order);
    this.#results[options.i ?? 0] = {
      kind: 'activation',
      id,
      dtype: type.dtype,
      shape,
      order: order.map((axis) => (axis >= 0 && axis < shape.length ? axis : -1)),
      ...(options.scramble && { scramble: options.scramble }),
    };
  }

  /** The i-th result is a value that is there already. */
  alias(value: Known, i = 0): void {
    this.#results[i] = value;
  }

  /** The i-th result is known. */
  known(value: Tensor, batch?: ReadonlySet<number>, i = 0): void {
    const name = this.name(i);
    this.#results[i] = {
      kind: 'constant',
      name,
      tensor: value,
      ...(batch && batch.size > 0 ? { batch } : {}),
    };
  }

  get results(): readonly (Known | undefined)[] {
    return this.#results;
  }

  /** @throws OP_UNSUPPORTED where an attribute has another value */
  only(name: string, found: unknown, expected: unknown): void {
    if (found !== expected) throw this.unsupported(`${name} ${String(found)}`);
  }

  unsupported(what: string) {
    return unsupported(this.where, `${this.op} with ${what}`);
  }

  invalid(what: string) {
    return invalid(this.where, `${this.op}: ${what}`);
  }

  /** A value with its channels, axis 1, last; without nodes where they are so already. */
  channelsLast(value: Known): Activation {
    const x = this.activation(value);
    if (x.order[x.order.length - 1] === 1) return x;
    return this.reordered(x, channelsLast(x.shape.length));
  }

  /** A value stored in another order, its indices in the file's order. */
  reordered(x: Activation, order: Order): Activation {
    return { ...x, id: this.graph.stored(x, order), order, scramble: undefined };
  }

  /** A value whose axes that are named have a place where they are stored, its indices in the file's order. */
  withAxes(value: Known, axes: readonly number[]): Activation {
    const x = this.graph.unscrambled(this.activation(value));
    return axes.every((axis) => x.order.includes(axis))
      ? x
      : this.reordered(x, completeOrder(x.shape, x.order));
  }

  expectFloat(...values: readonly Known[]): void {
    for (const value of values)
      if (dtypeOf(value) !== 'float32') throw this.unsupported(`operands of ${dtypeOf(value)}`);
  }
}

export interface ResultOptions {
  readonly i?: number;
  /** The file's shape, where stored axes don't tell it. */
  readonly shape?: readonly Dim[];
  readonly scramble?: Scramble;
}

/** The file's shape of a value that has each axis stored. */
function shapeFrom(stored: readonly Dim[], order: Order): Dim[] {
  const rank = Math.max(...order) + 1;
  return Array.from({ length: rank }, (_, axis) => {
    const at = order.indexOf(axis);
    return at < 0 ? 1 : stored[at];
  });
}

/** A constant with its axes in the order of a stored value. */
export function storedTensor(value: Tensor, order: Order): Tensor {
  const { shape } = value;
  const kept = order.filter((axis) => axis >= 0);
  const rest = identity(shape.length).filter((axis) => !kept.includes(axis));
  const all = [...kept, ...rest];
  const moved = sameNumbers(all, identity(shape.length)) ? value : permuteAxes(value, all);
  return tensor(value.dtype, concrete(storedShape(shape, order)), moved.data, value.quantization);
}

/**
 * A constant that is broadcast to a value, arranged as the value is stored; leading axes of extent 1 are left out.
 * `rank` is that of the file's shapes, to which both are aligned at the end.
 */
export function broadcastTensor(
  value: Tensor,
  rank: number,
  order: Order,
  scramble: Scramble | undefined,
): Tensor {
  const aligned = tensor(
    value.dtype,
    [...new Array<number>(rank - value.shape.length).fill(1), ...value.shape],
    value.data,
  );
  const isWide = scramble !== undefined && aligned.shape[scramble.axis] > 1;
  const picked = isWide ? take(aligned, scramble.axis, scrambledIndices(scramble)) : aligned;
  const result = storedTensor(picked, order);
  const first = result.shape.findIndex((dim) => dim !== 1);
  const shape = first < 0 ? [1] : result.shape.slice(first);
  return sizeOf(shape) === sizeOf(result.shape) ? tensor(result.dtype, shape, result.data) : result;
}
