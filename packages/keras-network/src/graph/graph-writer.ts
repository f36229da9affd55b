import { ModelBuilder, sizeOf, concrete, checkOperands, float32 } from '@whittle/core';
import type {
  Dim,
  DType,
  Id,
  Model,
  ModelOutput,
  OpDefinition,
  ParameterRole,
  Tensor,
  ValueType,
} from '@whittle/core';
import type { LayerConfig } from '../config/network-config.js';
import { invalid } from '../faults.js';
import type { LayerWeights } from '../weights/layer-weights.js';

/** Models of more nodes, or with a value of more elements, are taken for damage. */
const mostNodes = 20_000;
const mostElements = 2 ** 31 - 1;
/** Numbers that layers fill in where a file has none, all of them together: a short file may ask for many. */
const mostFilled = 2 ** 24;

interface Step {
  readonly op: OpDefinition<unknown>;
  readonly attributes: unknown;
  inputs: readonly Id[];
  outputs: Id[];
}

interface Constant {
  readonly tensor: Tensor;
  readonly role: ParameterRole;
  readonly trainable: boolean;
}

/** Gathers a model's nodes and parameters; names of results may change until `finish`. */
export class GraphWriter {
  readonly #weights: LayerWeights;
  #filled = 0;
  readonly #inputs: Id[] = [];
  readonly #steps: Step[] = [];
  /** The first number behind a name that may be free. */
  readonly #suffixes = new Map<Id, number>();
  readonly #types = new Map<Id, ValueType>();
  readonly #constants = new Map<Id, Constant>();
  readonly #shared = new Map<LayerConfig, Map<string, Id>>();
  readonly #paths = new Map<LayerConfig, string>();
  /** What rearranges axes, by what it made: see `undone`. */
  readonly #rearranged = new Map<Id, { readonly kind: string; readonly from: Id }>();

  constructor(weights: LayerWeights) {
    this.#weights = weights;
  }

  typeOf(id: Id): ValueType {
    const type = this.#types.get(id) ?? this.#constants.get(id)?.tensor;
    if (!type) throw invalid(id, 'no such value');
    return type;
  }

  /** An id that nothing has yet: `base`, or `base_1` and so on. */
  fresh(base: string): Id {
    const has = (id: Id) => this.#types.has(id) || this.#constants.has(id);
    if (!has(base)) return base;
    let i = this.#suffixes.get(base) ?? 1;
    while (has(`${base}_${i}`)) i++;
    this.#suffixes.set(base, i + 1);
    return `${base}_${i}`;
  }

  input(name: string, shape: readonly Dim[], dtype: DType): Id {
    const id = this.fresh(name);
    this.#types.set(id, { dtype, shape });
    this.#inputs.push(id);
    return id;
  }

  constant(name: string, tensor: Tensor, role: ParameterRole, trainable = false): Id {
    const id = this.fresh(name);
    this.#constants.set(id, { tensor, role, trainable });
    return id;
  }

  /** A tensor of one number, for what a file doesn't have. @throws FORMAT_INVALID where they would become too many */
  filled(where: string, shape: readonly number[], value: number): Tensor<'float32'> {
    const size = sizeOf(shape);
    this.#filled += size;
    if (!(this.#filled <= mostFilled))
      throw invalid(
        where,
        `${size} numbers that the file doesn't have, expected at most ${mostFilled} in all`,
      );
    return float32(shape, new Float32Array(size).fill(value));
  }

  /** Says which name a layer's weights begin with. */
  place(layer: LayerConfig, path: string): void {
    if (!this.#paths.has(layer)) this.#paths.set(layer, path);
  }

  tensorOf(layer: LayerConfig, name: string): Tensor<'float32'> {
    const value = this.#weights.get(layer)?.get(name);
    if (!value) throw invalid(layer.name, `no weight ${name}`);
    return value;
  }

  /** A layer's weight as a parameter, named `as` behind the layer's name; the same one each time. */
  weight(
    layer: LayerConfig,
    name: string,
    role: ParameterRole,
    arrange: (value: Tensor<'float32'>) => Tensor,
    as = name,
  ): Id {
    let own = this.#shared.get(layer);
    if (!own) this.#shared.set(layer, (own = new Map<string, Id>()));
    let id = own.get(as);
    if (id === undefined) {
      const trainable = layer.trainable && role !== 'mean' && role !== 'variance';
      const tensor = arrange(this.tensorOf(layer, name));
      id = this.constant(`${this.#paths.get(layer) ?? layer.name}/${as}`, tensor, role, trainable);
      own.set(as, id);
    }
    return id;
  }

  node<A>(name: string, op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): Id {
    return this.results(name, op, attributes, inputs)[0];
  }

  /** Adds a node with several results. @throws FORMAT_INVALID, SHAPE_MISMATCH */
  results<A>(name: string, op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): Id[] {
    if (this.#steps.length >= mostNodes) throw invalid(name, `more than ${mostNodes} nodes`);
    checkOperands(op, inputs.length, name);
    const types = op.infer({ name, attributes, inputs: inputs.map((id) => this.typeOf(id)) });
    const outputs = types.map((type) => {
      if (sizeOf(concrete(type.shape)) > mostElements)
        throw invalid(name, `a value of shape [${type.shape.join(', ')}], more than any machine holds`);
      const id = this.fresh(name);
      this.#types.set(id, type);
      return id;
    });
    this.#steps.push({ op: op as OpDefinition<unknown>, attributes, inputs, outputs });
    return outputs;
  }

  /** How many nodes there are: to rename what was added since. */
  get length(): number {
    return this.#steps.length;
  }

  /** Gives a result the name, where one of the nodes from `start` on makes it and nothing has the name. Returns its id. */
  rename(id: Id, name: string, start: number): Id {
    const added = this.#steps.slice(start);
    if (
      this.#types.has(name) ||
      this.#constants.has(name) ||
      !added.some(({ outputs }) => outputs.includes(id))
    )
      return id;
    const swap = (each: Id) => (each === id ? name : each);
    for (const step of added) {
      step.inputs = step.inputs.map(swap);
      step.outputs = step.outputs.map(swap);
    }
    this.#types.set(name, this.typeOf(id));
    this.#types.delete(id);
    const origin = this.#rearranged.get(id);
    if (origin) this.#rearranged.set(name, origin);
    return name;
  }

  /** Remembers that `id` holds what `from` holds, rearranged so that `kind` would bring it back. */
  remember(id: Id, kind: string, from: Id): Id {
    this.#rearranged.set(id, { kind, from });
    return id;
  }

  /** What `id` was before it was rearranged, where `kind` would only undo that. */
  undone(id: Id, kind: string): Id | undefined {
    const origin = this.#rearranged.get(id);
    return origin?.kind === kind ? origin.from : undefined;
  }

  /** @throws MODEL_INVALID, SHAPE_MISMATCH, OPTION_INVALID */
  finish(name: string, outputs: readonly ModelOutput[], metadata: Readonly<Record<string, string>>): Model {
    const build = new ModelBuilder(name);
    for (const id of this.#inputs) build.input(id, this.typeOf(id).shape, { dtype: this.typeOf(id).dtype });
    for (const [id, { tensor, role, trainable }] of this.#constants)
      build.parameter(id, tensor, role, trainable);
    for (const { op, attributes, inputs, outputs: ids } of this.#steps)
      build.results(ids, op, attributes, inputs);
    for (const { id, ...called } of outputs) build.output(id, called);
    build.metadata(metadata);
    return build.finish();
  }
}
