import { add, mul, reshape, tensor } from '@whittle/core';
import type { BinaryAttributes, Dim, DType, OpDefinition, Tensor, WhittleError } from '@whittle/core';
import { BatchMixed, invalid, unsupported } from '../faults.js';
import type { Attributes } from './attributes.js';
import type { NodeDef } from './graph-def.js';
import type { ApplyOptions, GraphWriter } from './graph-writer.js';
import { shapeOf } from './value.js';
import type { Known, Operand, Value } from './value.js';

/** Extents that a value may have along one axis; larger ones are taken for damage. */
export const largestExtent = 1 << 22;

/** One node that is being read: its attributes, its operands, and what it adds to the model. */
export class NodeCall {
  readonly name: string;
  readonly op: string;
  readonly attributes: Attributes;
  readonly graph: GraphWriter;
  readonly values: readonly Value[];
  /** Known values that have been made one of, so that nodes share them. */
  readonly #arranged: Map<Tensor, Map<string, Known>>;

  constructor(
    node: NodeDef,
    graph: GraphWriter,
    values: readonly Value[],
    arranged: Map<Tensor, Map<string, Known>>,
  ) {
    this.name = node.name;
    this.op = node.op;
    this.attributes = node.attributes;
    this.graph = graph;
    this.values = values;
    this.#arranged = arranged;
  }

  /** The i-th operand, from the back where i is below 0. @throws FORMAT_INVALID where there is none */
  operand(i: number): Operand {
    const value = this.value(i);
    if (value.kind === 'computed' || value.kind === 'known') return value;
    throw this.unsupported('an image cut for a dilated convolution, which only convolutions read');
  }

  /** As `operand`, of any kind. */
  value(i: number): Value {
    const value = this.values[i < 0 ? i + this.values.length : i];
    if (!value) throw this.invalid(`${this.values.length} inputs, expected more`);
    return value;
  }

  get operands(): Operand[] {
    return this.values.map((_, i) => this.operand(i));
  }

  /** An operand that must be known. @throws OP_UNSUPPORTED where it is computed */
  known(i: number, what: string): Known {
    const operand = this.operand(i);
    if (operand.kind === 'known') return operand;
    throw this.unsupported(`${what} that the model computes, expected a constant`);
  }

  /** Whole numbers that must be known. @throws BatchMixed where they depend on the size of the batch */
  integers(i: number, what: string): number[] {
    const { tensor: value, batch } = this.known(i, what);
    if (batch) throw new BatchMixed(this.name, `${what} that depends on the size of the batch`);
    const list = Array.from(value.data as Float32Array, Number);
    if (list.length > 64 || !list.every(Number.isSafeInteger))
      throw this.invalid(`${what}: expected integers`);
    return list;
  }

  integer(i: number, what: string): number {
    const list = this.integers(i, what);
    if (list.length !== 1) throw this.invalid(`${what}: ${list.length} numbers, expected 1`);
    return list[0];
  }

  /** Extents that must be known; 'batch' where they are that. */
  dims(i: number, what: string): Dim[] {
    const { tensor: value, batch } = this.known(i, what);
    const list = Array.from(value.data as Float32Array, Number);
    if (list.length > 16 || !list.every(Number.isSafeInteger))
      throw this.invalid(`${what}: expected integers`);
    return list.map((dim, at) => (batch && Number(batch.data[at]) !== 0 ? 'batch' : dim));
  }

  /** An axis counted from the front, where a file may count from the back. */
  axis(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis;
    if (!(found >= 0 && found < rank)) throw this.invalid(`axis ${axis} of ${rank} axes`);
    return found;
  }

  /** The extent of an axis. @throws BatchMixed where it is the batch */
  extent(value: Operand, axis: number): number {
    const dim = shapeOf(value)[axis];
    if (dim === 'batch') throw new BatchMixed(this.name, `${this.op} along the batch`);
    return dim;
  }

  rank(value: Operand): number {
    return shapeOf(value).length;
  }

  /** Applies an op, of which the node's only result comes. `suffix` is left out where it is the last one. */
  apply<A>(
    op: OpDefinition<A>,
    attributes: A,
    operands: readonly Operand[],
    options: ApplyOptions & { readonly suffix?: string } = {},
  ): Operand {
    const name = options.suffix === undefined ? this.name : `${this.name}/${options.suffix}`;
    return this.graph.apply(name, op, attributes, operands, options)[0];
  }

  /** The elements in another shape, where it is another. */
  reshaped(value: Operand, shape: readonly Dim[], suffix?: string): Operand {
    if (shape.join() === shapeOf(value).join()) return value;
    return this.apply(reshape, { shape: [...shape] }, [value], { moves: true, suffix });
  }

  /** Arithmetic of two values, of numbers that the model computes with. */
  binary(op: OpDefinition<BinaryAttributes>, a: Operand, b: Operand, suffix?: string): Operand {
    return this.apply(op, { activation: 'none' }, [a, b], { suffix });
  }

  sum(a: Operand, b: Operand, suffix?: string): Operand {
    return this.binary(add, a, b, suffix);
  }

  product(a: Operand, b: Operand, suffix?: string): Operand {
    return this.binary(mul, a, b, suffix);
  }

  number(value: number, suffix: string, dtype: DType = 'float32'): Known {
    return { kind: 'known', name: `${this.name}/${suffix}`, tensor: tensor(dtype, [], [value]) };
  }

  /** A weight in the model's layout; nodes that have it in common share it. `how` names the layout. */
  arranged(value: Known, how: string, arrange: (value: Tensor) => Tensor): Known {
    let own = this.#arranged.get(value.tensor);
    if (!own) this.#arranged.set(value.tensor, (own = new Map<string, Known>()));
    let made = own.get(how);
    if (!made) own.set(how, (made = { kind: 'known', name: value.name, tensor: arrange(value.tensor) }));
    return made;
  }

  invalid(message: string): WhittleError {
    return invalid(this.name, `${this.op}: ${message}`);
  }

  unsupported(message: string): WhittleError {
    return unsupported(this.name, `${this.op} with ${message}`);
  }
}
