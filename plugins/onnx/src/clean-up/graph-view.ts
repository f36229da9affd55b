import { consumers, isOp, leaves, producers } from '@whittle/core';
import type { Id, Model, Node, OpDefinition } from '@whittle/core';

/** A model's nodes by what they make and read, to find patterns from their last node backwards. */
export class GraphView {
  readonly model: Model;
  readonly #producers: ReadonlyMap<Id, Node>;
  readonly #consumers: ReadonlyMap<Id, readonly Node[]>;
  readonly #leaves: ReadonlySet<Id>;

  constructor(model: Model) {
    this.model = model;
    this.#producers = producers(model);
    this.#consumers = consumers(model);
    this.#leaves = leaves(model);
  }

  /** The node that makes a value, where it is of this op; activations that ops carry aren't expected. */
  source<A>(id: Id | undefined, op: OpDefinition<A>): Node | undefined {
    const node = id === undefined ? undefined : this.#producers.get(id);
    const { activation = 'none' } = (node?.attributes ?? {}) as { activation?: string };
    return node && isOp(node, op) && activation === 'none' ? node : undefined;
  }

  producer(id: Id): Node | undefined {
    return this.#producers.get(id);
  }

  /** The convolution or dense layer that makes a value which nothing else reads, where it carries no activation. */
  linear(id: Id): Node | undefined {
    const node = this.isPrivate(id) ? this.#producers.get(id) : undefined;
    const { activation } = (node?.attributes ?? {}) as { activation?: string };
    return node?.op.linear && activation === 'none' ? node : undefined;
  }

  /** Like `source`, of a value that nothing else reads. */
  only<A>(id: Id | undefined, op: OpDefinition<A>): Node | undefined {
    return id !== undefined && this.isPrivate(id) ? this.source(id, op) : undefined;
  }

  /** Whether one node reads a value, and it is no output. */
  isPrivate(id: Id): boolean {
    return this.#consumers.get(id)?.length === 1 && !this.#leaves.has(id);
  }

  /** The only element of a parameter. */
  number(id: Id): number | undefined {
    const data = this.model.parameters.get(id)?.tensor.data;
    return data?.length === 1 ? Number(data[0]) : undefined;
  }

  /** The operands of a node of two, one of them a number: the other, and the number. */
  withNumber(node: Node | undefined): { readonly value: Id; readonly number: number } | undefined {
    if (node?.inputs.length !== 2) return undefined;
    for (const [at, other] of [
      [1, 0],
      [0, 1],
    ]) {
      const number = this.number(node.inputs[at]);
      if (number !== undefined) return { value: node.inputs[other], number };
    }
    return undefined;
  }
}

/** Whether a number is another, as exporters round it. */
export function isNear(found: number | undefined, expected: number): boolean {
  return found !== undefined && Math.abs(found - expected) <= 1e-4 * Math.abs(expected);
}
