import {
  concrete,
  emptyModel,
  isSelectionOp,
  ModelEditor,
  namedEnds,
  reshape,
  sameShape,
  sizeOf,
  transpose,
} from '@whittle/core';
import type { Dim, DType, Id, Model, OpDefinition, ParameterRole, Tensor, ValueType } from '@whittle/core';
import { BatchMixed, invalid } from '../faults.js';
import { range, sameNumbers, storedShape, wideAxes } from '../values/order.js';
import type { Order } from '../values/order.js';
import type { Activation } from '../values/value.js';
import { largestExtent, mostElements, mostIndices, mostNodes } from './limits.js';

/** Gathers a model's nodes and parameters. */
export class GraphWriter {
  readonly #edit: ModelEditor;
  /** What a reshape has reshaped, by its result. */
  readonly #reshaped = new Map<Id, Id>();
  /** Values in another shape or order, by what they come from. */
  readonly #rearranged = new Map<string, Id>();
  readonly #parameters = new Map<string, Id>();
  readonly #inputs = new Set<Id>();
  #nodes = 0;
  #claimed = 0;
  #indices = 0;
  readonly #mostClaimed: number;

  /** `fileBytes` bounds what constants may come to. */
  constructor(name: string, fileBytes: number) {
    this.#edit = new ModelEditor(emptyModel(name));
    this.#mostClaimed = 4 * fileBytes + 2 ** 24;
  }

  /** Counts elements of constants that are made. @throws FORMAT_INVALID where they are more than a file of this size makes */
  claim(where: string, elements: number): void {
    this.#claimed += elements;
    if (this.#claimed > this.#mostClaimed)
      throw invalid(
        where,
        `constants of more than ${this.#mostClaimed} elements, out of a file of this size`,
      );
  }

  typeOf(id: Id): ValueType {
    return this.#edit.typeOf(id);
  }

  input(name: string, dtype: DType, shape: readonly Dim[]): Id {
    const id = this.#edit.addInput(this.#edit.freshId(name), { dtype, shape });
    this.#inputs.add(id);
    return id;
  }

  /** A parameter; under a key that was used before, the same one. */
  parameter(name: string, role: ParameterRole, key: string, make: () => Tensor): Id {
    const known = this.#parameters.get(key);
    if (known !== undefined) return known;
    const trainable = role !== 'mean' && role !== 'variance' && role !== 'range';
    const tensor = make();
    this.claim(name, tensor.data.length);
    const id = this.#edit.addParameter({
      id: name,
      tensor,
      role,
      trainable: trainable && tensor.dtype === 'float32',
    });
    this.#parameters.set(key, id);
    return id;
  }

  node<A>(name: string, op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): Id {
    return this.results([name], op, attributes, inputs)[0];
  }

  /** Adds a node with as many results as there are names. @throws SHAPE_MISMATCH, OPTION_INVALID, FORMAT_INVALID */
  results<A>(names: readonly string[], op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): Id[] {
    if (++this.#nodes > mostNodes) throw invalid(names[0], `more than ${mostNodes} nodes`);
    const outputs = names.map((name) => this.#edit.freshId(name));
    const ids = this.#edit.addNode(op, attributes, inputs, { outputs });
    for (const id of ids) {
      const shape = concrete(this.typeOf(id).shape);
      if (sizeOf(shape) > mostElements || shape.some((dim) => dim > largestExtent))
        throw invalid(names[0], `a value of shape [${shape.join(', ')}], more than any machine holds`);
      if (isSelectionOp(op as OpDefinition)) this.#indices += shape.reduce((sum, dim) => sum + dim, 0);
    }
    if (this.#indices > mostIndices) throw invalid(names[0], `more than ${mostIndices} indices in all nodes`);
    return ids;
  }

  /** The value in another shape, row-major: reshapes of reshapes become one, or none. */
  reshape(name: string, id: Id, shape: readonly Dim[]): Id {
    const source = this.#reshaped.get(id) ?? id;
    if (sameShape(this.typeOf(id).shape, shape)) return id;
    if (sameShape(this.typeOf(source).shape, shape)) return source;
    if (shape.indexOf('batch') !== this.typeOf(source).shape.indexOf('batch'))
      throw new BatchMixed(name, 'the batch becomes another axis');
    const key = `${source} ${shape.join()}`;
    const known = this.#rearranged.get(key);
    if (known !== undefined) return known;
    const result = this.node(name, reshape, { shape: [...shape] }, [source]);
    this.#reshaped.set(result, source);
    this.#rearranged.set(key, result);
    return result;
  }

  transpose(name: string, id: Id, permutation: readonly number[]): Id {
    if (sameNumbers(permutation, range(0, permutation.length))) return id;
    const batch = this.typeOf(id).shape.indexOf('batch');
    if (batch >= 0 && permutation[batch] !== batch)
      throw new BatchMixed(name, 'the batch becomes another axis');
    const key = `${id} ${permutation.join()} t`;
    const known = this.#rearranged.get(key);
    if (known !== undefined) return known;
    const result = this.node(name, transpose, { permutation: [...permutation] as [number, ...number[]] }, [
      id,
    ]);
    this.#rearranged.set(key, result);
    return result;
  }

  /** A scrambled value with its indices in the file's order. */
  unscrambled(value: Activation): Activation {
    const { scramble, order } = value;
    if (!scramble) return value;
    const { axis, extents } = scramble;
    const at = order.indexOf(axis);
    const shape = storedShape(value.shape, order);
    const split = [...shape.slice(0, at), ...scramble.order.map((i) => extents[i]), ...shape.slice(at + 1)];
    const permutation = [
      ...range(0, at),
      ...extents.map((_, i) => at + scramble.order.indexOf(i)),
      ...range(at + extents.length, split.length),
    ];
    const parts = this.reshape(`${value.id}/parts`, value.id, split);
    const sorted = this.transpose(`${value.id}/transposed`, parts, permutation);
    return { ...value, id: this.reshape(`${value.id}/sorted`, sorted, shape), scramble: undefined };
  }

  /** A value stored in the order told; without nodes where it is so already. Returns its id. */
  stored(value: Activation, order: Order): Id {
    const { id, shape, order: from } = this.unscrambled(value);
    const target = storedShape(shape, order);
    const [wide, wanted] = [wideAxes(shape, from), wideAxes(shape, order)];
    if (sameNumbers(wide, wanted)) return this.reshape(`${id}/reshaped`, id, target);
    const permutation = permutationOf(from, order, shape);
    if (permutation) return this.transpose(`${id}/transposed`, id, permutation);
    const narrow = this.reshape(`${id}/squeezed`, id, storedShape(shape, wide));
    const moved = this.transpose(
      `${id}/transposed`,
      narrow,
      wanted.map((axis) => wide.indexOf(axis)),
    );
    return this.reshape(`${id}/reshaped`, moved, target);
  }

  /**
   * Ends with these values as the model's outputs, each under its name where that is free.
   * @throws MODEL_INVALID, SHAPE_MISMATCH
   */
  finish(
    outputs: readonly { readonly name: string; readonly id: Id }[],
    metadata: Readonly<Record<string, string>>,
  ): { readonly model: Model; readonly ids: readonly Id[] } {
    // An input, or what another output is already, becomes a value of its own.
    const taken = new Set([...this.#inputs, ...this.#parameters.values()]);
    const ids = outputs.map(({ name, id }) => {
      const own = taken.has(id)
        ? this.node(`${name}/output`, reshape, { shape: [...this.typeOf(id).shape] }, [id])
        : id;
      taken.add(own);
      return own;
    });
    outputs.forEach(({ name }, i) => {
      const id = ids[i];
      if (id === name || outputs.some((each) => each.name === id)) return;
      if (this.#has(name)) {
        if (this.#inputs.has(name)) return;
        const inner = this.#edit.freshId(`${name}/stored`);
        this.#edit.renameValue(name, inner);
        ids.forEach((each, j) => (ids[j] = each === name ? inner : each));
      }
      this.#edit.renameValue(id, name);
      ids[i] = name;
    });
    this.#edit.setOutputs(
      namedEnds(
        ids,
        outputs.map(({ name }) => name),
      ),
    );
    this.#edit.setMetadata(metadata);
    return { model: this.#edit.finish(), ids };
  }

  #has(id: Id): boolean {
    try {
      this.#edit.typeOf(id);
      return true;
    } catch {
      return false;
    }
  }
}

/** The permutation that brings stored axes from one order to another, where both have as many. */
function permutationOf(from: Order, to: Order, shape: readonly Dim[]): number[] | undefined {
  if (from.length !== to.length) return undefined;
  const isNarrow = (axis: number) => axis < 0 || shape[axis] === 1;
  const narrow = from.flatMap((axis, i) => (isNarrow(axis) ? [i] : []));
  const permutation = to.map((axis) => {
    if (!isNarrow(axis)) return from.indexOf(axis);
    const own = narrow.findIndex((i) => from[i] === axis);
    return narrow.splice(own < 0 ? 0 : own, 1)[0] ?? -1;
  });
  return permutation.includes(-1) ? undefined : permutation;
}
