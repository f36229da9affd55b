import type { Id, Model, ModelInput, ModelOutput, ParameterRole, ValueType, Dim } from './model.js';
import type { OpDefinition } from './op.js';
import { emptyModel, ModelEditor } from './patch.js';
import type { AddNodeOptions } from './patch.js';
import type { DType, Tensor } from './tensor.js';

/** Builds a model from nothing, in order of computation. */
export class ModelBuilder {
  readonly #editor: ModelEditor;
  readonly #outputs: ModelOutput[] = [];

  constructor(name: string) {
    this.#editor = new ModelEditor(emptyModel(name));
  }

  /** Declares an input, of float32 unless told. */
  input(
    id: Id,
    shape: readonly Dim[],
    options: { readonly dtype?: DType } & Omit<ModelInput, 'id'> & Pick<ValueType, 'quantization'> = {},
  ): Id {
    const { dtype = 'float32', quantization, ...rest } = options;
    return this.#editor.addInput(id, quantization ? { dtype, shape, quantization } : { dtype, shape }, rest);
  }

  /** Adds a parameter: trainable unless its role is a statistic or a range, or told otherwise. */
  parameter(id: Id, value: Tensor, role: ParameterRole, trainable = isTrainable(role)): Id {
    return this.#editor.addParameter({ id, tensor: value, role, trainable });
  }

  /**
   * Declares a state that begins as `initial`, whose type it has unless told (where the batch is free, say); returns the id
   * under which it is read. It keeps its value unless `nextState` says what replaces it.
   */
  state(id: Id, initial: Tensor, type?: ValueType): Id {
    return this.#editor.addState(id, initial, type);
  }

  /** Says which value replaces a state at the end of an inference. @throws MODEL_INVALID where there is no such state */
  nextState(state: Id, out: Id): void {
    this.#editor.setState(state, { out });
  }

  /** Adds a node with one output, named `id`; returns it. */
  node<A>(
    id: Id,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    options: Omit<AddNodeOptions, 'outputs'> = {},
  ): Id {
    return this.#editor.addNode(op, attributes, inputs, { ...options, outputs: [id] })[0];
  }

  /** Adds a node with several outputs, named `ids`; returns them. */
  results<A>(
    ids: readonly Id[],
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    options: Omit<AddNodeOptions, 'outputs'> = {},
  ): Id[] {
    return this.#editor.addNode(op, attributes, inputs, { ...options, outputs: ids });
  }

  typeOf(id: Id): ValueType {
    return this.#editor.typeOf(id);
  }

  output(id: Id, options: Omit<ModelOutput, 'id'> = {}): void {
    this.#outputs.push({ id, ...options });
  }

  metadata(metadata: Readonly<Record<string, string>>): void {
    this.#editor.setMetadata(metadata);
  }

  /** @throws MODEL_INVALID, SHAPE_MISMATCH */
  finish(): Model {
    this.#editor.setOutputs(this.#outputs);
    return this.#editor.finish();
  }
}

function isTrainable(role: ParameterRole): boolean {
  return role !== 'mean' && role !== 'variance' && role !== 'range';
}
