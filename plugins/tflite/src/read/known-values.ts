import {
  BatchMixed,
  add,
  cast,
  concat,
  concrete,
  div,
  flatten,
  gather,
  isSelectionOp,
  mul,
  reshape,
  sizeOf,
  split,
  sub,
  tensor,
} from '@whittle/core';
import type { Dim, Id, OpDefinition, Tensor, ValueType } from '@whittle/core';
import { expectAttributes, invalid } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** A value that is known as the file is read. */
export interface KnownValue {
  readonly tensor: Tensor;
  /** Where elements stand for the size of the batch: a tensor of the same type, 1 there. Such elements hold 1. */
  readonly batch?: Tensor;
}

/** Elements, and operations on them, that may be computed: for each byte of the file, and at least. */
const workForEach = 2;
const workAtLeast = 1 << 22;

/** Ops that move elements about without computing with them. */
const moving: ReadonlySet<unknown> = new Set([cast, concat, flatten, gather, reshape, split]);

/** The number with which an op leaves the other operand, or the first one, as it is. */
const neutral = new Map<unknown, { readonly number: number; readonly onlySecond: boolean }>([
  [add, { number: 0, onlySecond: false }],
  [mul, { number: 1, onlySecond: false }],
  [sub, { number: 0, onlySecond: true }],
  [div, { number: 1, onlySecond: true }],
]);

/** Values that are known, by id; what ops make of them alone is known too. */
export class KnownValues {
  readonly #values = new Map<Id, KnownValue>();
  #budget: number;

  constructor(fileBytes: number) {
    this.#budget = workForEach * fileBytes + workAtLeast;
  }

  get(id: Id): KnownValue | undefined {
    return this.#values.get(id);
  }

  set(id: Id, value: KnownValue): void {
    this.#values.set(id, value);
  }

  /** Counts elements that are made. @throws FORMAT_INVALID where they are more than a file of this size makes */
  claim(o: OperatorView, elements: number): void {
    this.#budget -= elements;
    if (!(this.#budget >= 0)) throw invalid(o, 'constants of more elements than a file of this size has');
  }

  /**
   * What an op makes of operands: nothing where one of them is computed or quantized, and for matrix products and convolutions,
   * which are work. @throws BatchMixed where it computes with the size of the batch
   */
  compute<A>(
    o: OperatorView,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
  ): KnownValue[] | undefined {
    const operands = inputs.flatMap((id) => this.#values.get(id) ?? []);
    if (operands.length === 0 || operands.length < inputs.length) return undefined;
    if (operands.some(({ tensor: { quantization, dtype } }) => quantization || dtype === 'float16'))
      return undefined;
    expectAttributes(o, op, attributes);
    const tensors = operands.map((operand) => operand.tensor);
    const types = op.infer({ name: o.name, attributes, inputs: tensors });
    if (!this.#claimWork(op, attributes, tensors, types)) return undefined;
    const evaluate = (values: readonly Tensor[]) =>
      op.evaluate({ name: o.name, attributes, inputs: values }, values);
    if (!operands.some(({ batch }) => batch)) return evaluate(tensors).map((each) => ({ tensor: each }));
    const unchanged = withNeutral(op, operands);
    if (unchanged) return [unchanged];
    const moves = isSelectionOp(op as OpDefinition) || moving.has(op);
    const isPicked = (op as unknown) === gather;
    if (!moves || (isPicked && operands[1].batch)) throw new BatchMixed(mixed(o));
    const flags = evaluate(
      operands.map((operand, i) => (isPicked && i > 0 ? operand.tensor : flagsOf(operand))),
    );
    return evaluate(tensors).map((each, i) => withBatch(each, flags[i]));
  }

  /** Takes what an op computes off the budget; false where it isn't to be computed. */
  #claimWork<A>(
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly ValueType[],
    outputs: readonly ValueType[],
  ): boolean {
    const ids = { inputIds: inputs.map((_, i) => `${i}`), outputIds: outputs.map((_, i) => `y${i}`) };
    const cost = op.cost({ name: '', attributes, inputs, outputs, ...ids });
    if (cost.macs > 0) return false;
    const elements = outputs.reduce((sum, { shape }) => sum + sizeOf(concrete(shape)), 0);
    const work = elements + cost.flops + cost.activationFlops;
    if (!(work <= this.#budget)) return false;
    this.#budget -= work;
    return true;
  }
}

/** Extents as int32 or int64, those that are the batch marked. */
export function knownDims(dtype: 'int32' | 'int64', dims: readonly Dim[]): KnownValue {
  const shape = [dims.length];
  const flags = dims.map((dim) => (dim === 'batch' ? 1 : 0));
  return withBatch(tensor(dtype, shape, concrete(dims)), tensor(dtype, shape, flags));
}

/** Elements as numbers; 'batch' where they stand for its size. */
export function dimsOf({ tensor: value, batch }: KnownValue): Dim[] {
  return Array.from(value.data as Float32Array, (element, i) =>
    batch && Number(batch.data[i]) !== 0 ? 'batch' : Number(element),
  );
}

/** What is said where the size of the batch would have to be known. */
export function mixed(o: Pick<OperatorView, 'name'>): string {
  return `.tflite: ${o.name}: computes with the size of the batch`;
}

function withBatch(value: Tensor, flags: Tensor): KnownValue {
  const any = Array.from(flags.data as Float32Array, Number).some((flag) => flag !== 0);
  return any ? { tensor: value, batch: flags } : { tensor: value };
}

function flagsOf({ tensor: value, batch }: KnownValue): Tensor {
  return batch ?? tensor(value.dtype, value.shape);
}

/** The size of the batch times 1, plus 0 and the like. */
function withNeutral(op: unknown, [a, b]: readonly KnownValue[]): KnownValue | undefined {
  const rule = neutral.get(op);
  if (!rule) return undefined;
  const isNeutral = ({ tensor: value, batch }: KnownValue) =>
    !batch && value.data.length === 1 && Number(value.data[0]) === rule.number;
  const fits = (value: KnownValue, other: KnownValue) =>
    isNeutral(other) && other.tensor.shape.length <= value.tensor.shape.length;
  if (fits(a, b)) return a;
  return !rule.onlySecond && fits(b, a) ? b : undefined;
}
