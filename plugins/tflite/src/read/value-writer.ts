import { BatchMixed, ModelEditor, WhittleError, emptyModel } from '@whittle/core';
import type { AddNodeOptions, Id, OpDefinition, ParameterRole, Tensor } from '@whittle/core';
import { KnownValues, mixed } from './known-values.js';
import type { KnownValue } from './known-values.js';
import { Names } from './names.js';
import type { OperatorView } from './operator-view.js';

/** Adds nodes and parameters under names of the file; what is known is computed at once, and becomes a parameter. */
export class ValueWriter {
  readonly edit: ModelEditor;
  readonly known: KnownValues;
  readonly #names = new Names();

  /** `fileBytes` bounds what is computed. */
  constructor(name: string, fileBytes: number) {
    this.edit = new ModelEditor(emptyModel(name));
    this.known = new KnownValues(fileBytes);
  }

  /** An id that nothing has yet. */
  take(name: string): Id {
    return this.#names.take(name);
  }

  /** What an op makes of its operands, under ids: parameters where it is known, else a node's outputs. @throws BatchMixed */
  apply<A>(
    o: OperatorView,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    options: Required<AddNodeOptions>,
  ): Id[] {
    const values = options.quantization.some(Boolean)
      ? undefined
      : this.known.compute(o, op, attributes, inputs);
    return values
      ? values.map((value, i) => this.addKnown(options.outputs[i], value))
      : this.addNode(o, op, attributes, inputs, options);
  }

  /** Adds a node in any case. @throws BatchMixed where an operand depends on the size of the batch */
  addNode<A>(
    o: OperatorView,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    options: AddNodeOptions,
  ): Id[] {
    if (inputs.some((id) => this.known.get(id)?.batch)) throw new BatchMixed(mixed(o));
    return this.edit.addNode(op, attributes, inputs, options);
  }

  /**
   * A value that is known, as a parameter that is dropped where it is only computed with. @throws MODEL_INVALID where there is one
   */
  addKnown(id: Id, value: KnownValue): Id {
    this.known.set(id, value);
    const made = this.addParameter(id, value.tensor, 'weight');
    if (made !== id) throw new WhittleError('MODEL_INVALID', `there is a value '${id}' already`);
    return id;
  }

  addParameter(id: Id, tensor: Tensor, role: ParameterRole): Id {
    const trainable = tensor.dtype === 'float32';
    return this.edit.addParameter({ id, tensor, role, trainable });
  }
}
