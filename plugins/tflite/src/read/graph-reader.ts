import {
  ModelEditor,
  WhittleError,
  concrete,
  emptyModel,
  formatShape,
  sameShape,
  sizeOf,
} from '@whittle/core';
import type {
  Dim,
  Id,
  Model,
  ModelInput,
  ModelOutput,
  OpDefinition,
  ParameterRole,
  Tensor,
  ValueType,
} from '@whittle/core';
import { constantOf, dtypeOf, quantizationOf, textOf } from '@whittle/tflite-schema';
import type { TensorT, TfliteModel } from '@whittle/tflite-schema';
import { realValues } from '../real-values.js';
import { Names } from './names.js';
import { invalid, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { Variables } from './variables.js';

/** Runtimes count elements in 32 bits, with a sign. */
const MAX_ELEMENTS = 2 ** 31 - 1;

/** How a constant of the file becomes a parameter. */
export interface ParameterForm {
  readonly role: ParameterRole;
  /** Names the arrangement: a constant that is used twice in the same one is one parameter. */
  readonly layout?: string;
  readonly rearrange?: (constant: Tensor) => Tensor;
}

/** Builds a model from the file's subgraph, operator by operator. Tensors are known by their index in it. */
export class GraphReader {
  readonly #file: TfliteModel;
  readonly #tensors: readonly TensorT[];
  /** Resources and variable tensors, which become states. */
  readonly variables: Variables;
  readonly #edit: ModelEditor;
  readonly #names = new Names();
  readonly #values = new Map<number, Id>();
  readonly #parameters = new Map<string, Id>();
  /** Constants by the tensors that stand for them. */
  readonly #sources = new Map<number, number>();
  readonly #dequantized = new Set<number>();
  readonly #computed = new Set<Id>();

  constructor(file: TfliteModel) {
    const [subgraph] = file.subgraphs;
    this.#file = file;
    this.#tensors = subgraph.tensors;
    this.#edit = new ModelEditor(emptyModel(textOf(subgraph.name)));
    this.variables = new Variables(file, {
      edit: this.#edit,
      take: (name) => this.#names.take(name),
      nameOf: (index) => this.nameOf(index),
      typeOf: (index) => this.typeOf(index),
    });
    const computed = subgraph.operators.filter((o) => this.variables.computesOutputs(o));
    for (const index of new Set([...subgraph.inputs, ...computed.flatMap((o) => o.outputs)]))
      this.#values.set(index, this.#names.take(this.nameOf(index)));
  }

  /**
   * Declares an input. Its first dimension is the batch where the file says that it is free, and no variables are there:
   * those have one size.
   */
  addInput(index: number, rest: Omit<ModelInput, 'id'>): void {
    const { shapeSignature } = this.#tensors[index];
    const type = this.typeOf(index);
    const isFree = shapeSignature[0] === -1 && !this.variables.exist;
    const isBatch = (axis: number) => axis === 0 && isFree;
    const shape = type.shape.map((dim, axis): Dim => (isBatch(axis) ? 'batch' : dim));
    this.#edit.addInput(this.#valueOf(index), { ...type, shape }, rest);
  }

  /** The tensor's name in the file; `tensor_7` where it has none. */
  nameOf(index: number): string {
    return textOf(this.#tensors[index].name) || `tensor_${index}`;
  }

  /**
   * The tensor's type in the file: its batch size is a number. @throws FORMAT_INVALID where there is no such tensor, for types
   * that models don't have, for nothing at all, and for more elements than 32 bits count
   */
  typeOf(index: number): ValueType & { readonly shape: readonly number[] } {
    const tensor: TensorT | undefined = this.#tensors[index];
    if (!tensor)
      throw new WhittleError('FORMAT_INVALID', '.tflite: an operator lacks a tensor that it needs', {
        plugin: 'tflite',
      });
    if (tensor.shape.some((dim) => dim < 1) || sizeOf(tensor.shape) > MAX_ELEMENTS)
      throw new WhittleError(
        'FORMAT_INVALID',
        `.tflite: tensor '${this.nameOf(index)}' of shape [${tensor.shape.join(', ')}], expected 1 to ${MAX_ELEMENTS} elements`,
        { plugin: 'tflite' },
      );
    const dtype = dtypeOf(tensor.type);
    // What an observer saw of a float tensor means nothing to it.
    const quantization = dtype === 'float32' ? undefined : quantizationOf(tensor);
    return { dtype, shape: tensor.shape, ...(quantization && { quantization }) };
  }

  /**
   * A constant that must be one, such as axes. Quantized weights of a float operator come as the real values that they
   * stand for. @throws OP_UNSUPPORTED where it is computed
   */
  constantInput(o: OperatorView, position: number, what: string): Tensor {
    const index = this.#indexOf(o, position);
    const constant = index < 0 ? undefined : constantOf(this.#file, this.#tensors[index]);
    if (!constant) throw unreadable(o, `the ${what} is computed or absent, expected a constant`);
    if (constant.dtype === 'float32') return { ...constant, quantization: undefined };
    const real = constant.dtype === 'float16' || this.#dequantized.has(o.inputs[position]);
    const stored = constant.quantization !== undefined && this.#isFloat(o);
    return real || stored ? realValues(constant) : constant;
  }

  /**
   * An operand: a computed value, what a variable tensor holds at this point, or a parameter of role 'weight' as it is.
   * @throws FORMAT_INVALID where it is absent
   */
  input(o: OperatorView, position: number): Id {
    const index = this.#indexOf(o, position);
    if (index < 0) throw invalid(o, `input ${position} is absent`);
    if (this.variables.isVariable(index)) return this.variables.valueOf(o, index);
    return this.#values.get(index) ?? this.parameter(o, position, { role: 'weight' });
  }

  /** The type of an operand in the model: its first dimension may be the batch. */
  inputType(o: OperatorView, position: number): ValueType {
    return this.#edit.typeOf(this.input(o, position));
  }

  /** The type of a value of the model. */
  valueType(id: Id): ValueType {
    return this.#edit.typeOf(id);
  }

  /** An operand that must be a constant, as a parameter. @throws OP_UNSUPPORTED where it is computed */
  parameter(o: OperatorView, position: number, form: ParameterForm): Id {
    const { role, layout = 'as it is', rearrange = (constant: Tensor) => constant } = form;
    const constant = this.constantInput(o, position, `input ${position}`);
    const index = this.#indexOf(o, position);
    const key = `${index} ${constant.dtype} ${role} ${layout}`;
    const known = this.#parameters.get(key);
    if (known !== undefined) return known;
    const id = this.#names.take(this.nameOf(index));
    const trainable = constant.dtype === 'float32';
    this.#edit.addParameter({ id, tensor: rearrange(constant), role, trainable });
    this.#parameters.set(key, id);
    return id;
  }

  /** A parameter that the file has no tensor for. */
  addParameter(o: OperatorView, name: string, tensor: Tensor, role: ParameterRole): Id {
    const id = this.#names.take(`${o.name}/${name}`);
    this.#edit.addParameter({ id, tensor, role, trainable: tensor.dtype === 'float32' });
    return id;
  }

  /** The bias at a position, as a list of operands: empty where there is none. */
  bias(o: OperatorView, position: number): Id[] {
    return (o.inputs[position] ?? -1) < 0 ? [] : [this.parameter(o, position, { role: 'bias' })];
  }

  /** Adds the node that computes the operator's only output. @throws FORMAT_INVALID where the file says another type */
  addResult<A>(o: OperatorView, op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): void {
    if (o.outputs.length !== 1) throw invalid(o, `found ${o.outputs.length} outputs, expected 1`);
    this.addResults(o, op, attributes, inputs);
  }

  /**
   * Adds the node that computes all outputs of the operator. `mutated` are the positions of variable tensors among its
   * inputs that it changes in place: the node has what they become as its further outputs, and operators behind it read
   * that. @throws FORMAT_INVALID where the file says other types, or such an input is no variable
   */
  addResults<A>(
    o: OperatorView,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    mutated: readonly number[] = [],
  ): void {
    const variables = mutated.map((position) => this.#variableIndex(o, position));
    const types = [...o.outputs, ...variables].map((index) => this.typeOf(index));
    const outputs = [
      ...o.outputs.map((index) => this.#valueOf(index)),
      ...variables.map((index) => this.#names.take(`${this.nameOf(index)}/next`)),
    ];
    const quantization = types.map((type) => type.quantization);
    const made = this.#edit.addNode(op, attributes, inputs, { outputs, quantization });
    made.forEach((id) => this.#computed.add(id));
    if (made.length !== outputs.length)
      throw invalid(o, `found ${outputs.length} outputs, but ${op.name} gives ${made.length}`);
    types.forEach(({ dtype, shape }, i) => {
      const found = this.#edit.typeOf(outputs[i]);
      if (found.dtype !== dtype || !sameShape(concrete(found.shape), shape))
        throw invalid(
          o,
          `the output is ${dtype}${formatShape(shape)} in the file, but ${op.name} gives ${found.dtype}${formatShape(found.shape)}`,
        );
    });
    variables.forEach((index, i) => this.variables.setValue(o, index, outputs[o.outputs.length + i]));
  }

  /** READ_VARIABLE: lets the only output stand for what the variable holds at this point. */
  addValueOf(o: OperatorView): void {
    const [output] = o.outputs;
    this.#values.set(output, this.variables.read(o, o.inputs[0], this.typeOf(output)));
  }

  /** Lets the outputs of an operator that can't be read stand as if they were fed, so that those behind it can be. */
  addUnread(o: OperatorView): void {
    for (const index of o.outputs) {
      const id = this.#values.get(index);
      if (id !== undefined && !this.#computed.has(id)) this.#edit.addInput(id, this.typeOf(index));
    }
  }

  /** Whether an operand is a constant of the file. */
  isConstant(o: OperatorView, position: number): boolean {
    const index = this.#indexOf(o, position);
    return index >= 0 && !this.#values.has(index) && !this.variables.isVariable(index);
  }

  /** Lets the operator's only output stand for its constant input, or for the real values that this stands for. */
  addAlias(o: OperatorView, as: 'stored' | 'real'): void {
    const [output] = o.outputs;
    if (as === 'real') this.#dequantized.add(output);
    this.#sources.set(output, this.#indexOf(o, 0));
    this.#values.delete(output);
  }

  /** Adds a node whose result the file has no tensor for; it keeps its operand's quantization. Returns the result. */
  addBetween<A>(o: OperatorView, op: OpDefinition<A>, attributes: A, input: Id): Id {
    return this.addParts(o, op, attributes, input, 1)[0];
  }

  /** The same for a node of several results. */
  addParts<A>(o: OperatorView, op: OpDefinition<A>, attributes: A, input: Id, count: number): Id[] {
    const { quantization } = this.#edit.typeOf(input);
    const outputs = Array.from({ length: count }, () => this.#names.take(`${o.name}/${op.name}`));
    return this.#edit.addNode(op, attributes, [input], {
      outputs,
      quantization: outputs.map(() => quantization),
    });
  }

  /** Adds the node that computes one output of several. @throws FORMAT_INVALID as `addResult` */
  addOutput<A>(o: OperatorView, index: number, op: OpDefinition<A>, attributes: A, input: Id): void {
    this.addResult({ ...o, outputs: [o.outputs[index]] }, op, attributes, [input]);
  }

  /** The model, once all operators are read. */
  finish(
    outputs: readonly { readonly index: number; readonly labels: ModelOutput['labels'] }[],
    metadata: Model['metadata'],
  ): Model {
    this.variables.finish();
    this.#edit.setOutputs(
      outputs.map(({ index, labels }) => ({
        id: this.variables.finalValue(index) ?? this.#valueOf(index),
        ...(labels && { labels }),
      })),
    );
    this.#edit.setMetadata(metadata);
    return this.#edit.finish();
  }

  /** The tensor of an operand, or the constant that it stands for; -1 where it is absent. */
  #indexOf(o: OperatorView, position: number): number {
    const index = o.inputs[position] ?? -1;
    return this.#sources.get(index) ?? index;
  }

  #variableIndex(o: OperatorView, position: number): number {
    const index = o.inputs[position] ?? -1;
    if (!this.variables.isVariable(index))
      throw invalid(o, `input ${position} is changed by the operator, but is no variable tensor`);
    return index;
  }

  #isFloat(o: OperatorView): boolean {
    return o.outputs.every((index) => this.typeOf(index).dtype === 'float32');
  }

  #valueOf(index: number): Id {
    const id = this.#values.get(index);
    if (id === undefined)
      throw new WhittleError('FORMAT_INVALID', `.tflite: nothing computes tensor '${this.nameOf(index)}'`, {
        plugin: 'tflite',
      });
    return id;
  }
}
