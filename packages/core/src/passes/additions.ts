import type { Id, Model, Node, Parameter } from '../model.js';
import { nodeName, typeOf } from '../model.js';
import type { ModelEditor } from '../patch.js';
import type { Tensor } from '../tensor.js';
import { float32, stridesOf } from '../tensor.js';
import type { RemovedIndices } from './removals.js';

/** What a parameter gains: values for consecutive elements of one row, that is along its last axis. */
export interface Addition {
  /** The first element, in the order of the tensor as it was before anything was removed. */
  readonly start: number;
  readonly values: Float64Array;
}

/** What parameters gain, by id, once what is removed is gone from them. */
export type Additions = ReadonlyMap<Id, readonly Addition[]>;

/** Collects additions to operands of nodes. Parameters that several nodes read are parted; layers get biases they lack. */
export class AdditionList {
  readonly additions = new Map<Id, Addition[]>();
  /** What is removed, of parameters that came in as well. */
  readonly removed: Map<Id, ReturnType<RemovedIndices['get']> & {}>;
  readonly #nodes = new Map<Node, Node>();

  constructor(
    private readonly model: Model,
    private readonly edit: ModelEditor,
    private readonly users: ReadonlyMap<Id, readonly Node[]>,
    removed: RemovedIndices,
  ) {
    this.removed = new Map(removed);
  }

  add(node: Node, operand: number, additions: readonly Addition[]): void {
    const id = this.#ownOperand(node, operand);
    const list = this.additions.get(id);
    if (list) list.push(...additions);
    else this.additions.set(id, [...additions]);
  }

  addBias(node: Node, values: Float64Array): void {
    const bias = this.edit.addParameter({
      id: `${nodeName(node)}/bias`,
      tensor: float32([values.length], Float32Array.from(values)),
      role: 'bias',
      trainable: true,
    });
    const gone = this.removed.get(node.outputs[0])?.get(typeOf(this.model, node.outputs[0]).shape.length - 1);
    if (gone) this.removed.set(bias, new Map([[0, gone]]));
    this.#setInputs(node, (inputs) => [...inputs, bias]);
  }

  #ownOperand(node: Node, operand: number): Id {
    const id = (this.#nodes.get(node) ?? node).inputs[operand];
    if (this.additions.has(id) || (this.users.get(id)?.length ?? 0) <= 1) return id;
    const own = this.edit.addParameter(this.model.parameters.get(id) as Parameter);
    const gone = this.removed.get(id);
    if (gone) this.removed.set(own, gone);
    this.#setInputs(node, (inputs) => inputs.map((input, i) => (i === operand ? own : input)));
    return own;
  }

  #setInputs(node: Node, change: (inputs: readonly Id[]) => readonly Id[]): void {
    const now = this.#nodes.get(node) ?? node;
    this.#nodes.set(node, this.edit.replaceNode(now, now.op, now.attributes, change(now.inputs)));
  }
}

/**
 * Adds to a float32 tensor from which indices were removed, in place. `before` is its shape as it was, `kept` has the
 * indices that are left along each axis that lost some.
 */
export function applyAdditions(
  { data }: Tensor,
  before: readonly number[],
  kept: ReadonlyMap<number, ArrayLike<number>>,
  additions: readonly Addition[],
): void {
  const last = before.length - 1;
  const outer = stridesOf(before);
  const after = stridesOf(before.map((extent, axis) => kept.get(axis)?.length ?? extent));
  const columns = kept.get(last) ?? Array.from({ length: before[last] }, (_, i) => i);
  for (const { start, values } of additions) {
    let row = 0;
    let isLeft = true;
    for (let axis = 0; axis < last; axis++) {
      const index = Math.floor(start / outer[axis]) % before[axis];
      const own = kept.get(axis);
      const place = own ? Array.prototype.indexOf.call(own, index) : index;
      isLeft &&= place >= 0;
      row += place * after[axis];
    }
    if (!isLeft) continue;
    const first = start % before[last];
    for (let i = 0; i < columns.length; i++) {
      const value = values[columns[i] - first];
      if (value !== undefined) data[row + i] = Number(data[row + i]) + value;
    }
  }
}

/** A row of a matrix, by its first element, and what it is multiplied by. */
export interface WeightedRow {
  readonly start: number;
  readonly factor: number;
}

/** The sum of rows of `weight`, of `values.length` elements each, added to `values`. */
export function addRows(values: Float64Array, weight: Float32Array, rows: readonly WeightedRow[]): void {
  let at = 0;
  // Four rows at once: the sums are read and written once for all.
  for (; at + 4 <= rows.length; at += 4) {
    const [{ start: a, factor: fa }, { start: b, factor: fb }] = [rows[at], rows[at + 1]];
    const [{ start: c, factor: fc }, { start: d, factor: fd }] = [rows[at + 2], rows[at + 3]];
    for (let i = 0; i < values.length; i++)
      values[i] += fa * weight[a + i] + fb * weight[b + i] + fc * weight[c + i] + fd * weight[d + i];
  }
  for (; at < rows.length; at++) {
    const { start, factor } = rows[at];
    for (let i = 0; i < values.length; i++) values[i] += factor * weight[start + i];
  }
}
