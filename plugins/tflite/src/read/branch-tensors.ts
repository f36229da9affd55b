import type { SubGraphT } from '@whittle/tflite-schema';

/** Gives a tensor of a subgraph its place in the first one, when it is first used. */
export type PlaceTensor = (tensor: number, isConstant: boolean) => number;

/** Which tensors of a file's first subgraph stand for those of another, where its operators are written out. */
export class BranchTensors {
  readonly #place: PlaceTensor;
  readonly #placed = new Map<number, number>();
  readonly #computed: ReadonlySet<number>;

  constructor({ operators }: SubGraphT, place: PlaceTensor) {
    this.#place = place;
    this.#computed = new Set(operators.flatMap(({ outputs }) => outputs));
  }

  of(tensor: number): number {
    let placed = this.#placed.get(tensor);
    if (placed === undefined)
      this.#placed.set(tensor, (placed = this.#place(tensor, !this.#computed.has(tensor))));
    return placed;
  }

  set(tensor: number, placed: number): void {
    this.#placed.set(tensor, placed);
  }

  /** Lets a result be a tensor that is there: where operators compute it, and not for another result already. */
  nameResult(tensor: number, placed: number): void {
    if (this.#computed.has(tensor) && !this.#placed.has(tensor)) this.#placed.set(tensor, placed);
  }
}
