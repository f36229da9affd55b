import { invalid } from '../faults.js';
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from '../proto/messages.js';

const text = new TextDecoder();

/** The attributes of a node, checked as they are asked for. */
export class NodeAttributes {
  readonly #where: string;
  readonly #byName: ReadonlyMap<string, AttributeProto>;

  constructor(node: NodeProto, where: string) {
    this.#where = where;
    this.#byName = new Map((node.attribute ?? []).map((each) => [each.name ?? '', each]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** An integer. @throws FORMAT_INVALID */
  int(name: string, otherwise: number): number {
    const found = this.#byName.get(name);
    if (!found) return otherwise;
    const value = found.i ?? 0;
    if (!Number.isSafeInteger(value)) throw this.#unexpected(name, 'an integer');
    return value;
  }

  /** Whether an integer is not 0. */
  flag(name: string, otherwise = false): boolean {
    return this.int(name, otherwise ? 1 : 0) !== 0;
  }

  float(name: string, otherwise: number): number {
    const found = this.#byName.get(name);
    if (!found) return otherwise;
    const value = found.f ?? 0;
    if (Number.isNaN(value)) throw this.#unexpected(name, 'a number');
    return value;
  }

  text(name: string, otherwise: string): string {
    const found = this.#byName.get(name);
    return found?.s ? text.decode(found.s) : otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    const found = this.#byName.get(name);
    if (!found) return undefined;
    if (found.ints?.some((value) => Number.isNaN(value))) throw this.#unexpected(name, 'integers');
    return found.ints ?? [];
  }

  floats(name: string): readonly number[] | undefined {
    const found = this.#byName.get(name);
    return found && (found.floats ?? []);
  }

  tensor(name: string): TensorProto | undefined {
    return this.#byName.get(name)?.t;
  }

  graph(name: string): GraphProto | undefined {
    return this.#byName.get(name)?.g;
  }

  #unexpected(name: string, expected: string) {
    return invalid(this.#where, `attribute ${name}: expected ${expected}`);
  }
}
