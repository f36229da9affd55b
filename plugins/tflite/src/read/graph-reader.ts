import { BatchMixed, WhittleError, concrete, sameShape } from '@whittle/core';
import type {
  DescribedInput,
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
import { textOf } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import { expectResult } from './expect-result.js';
import { FileConstants } from './file-constants.js';
import { FileTensors } from './file-tensors.js';
import type { FileType } from './file-tensors.js';
import { dimsOf, mixed } from './known-values.js';
import type { KnownValue } from './known-values.js';
import { invalid } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { ValueWriter } from './value-writer.js';
import { Variables } from './variables.js';

/** How a constant of the file becomes a parameter. */
export interface ParameterForm {
  readonly role: ParameterRole;
  /** Names the arrangement: a constant that is used twice in the same one is one parameter. */
  readonly layout?: string;
  readonly rearrange?: (constant: Tensor) => Tensor;
}

/** Builds a model from the file's subgraph, operator by operator. Tensors are known by their index in it. */
export class GraphReader {
  readonly #tensors: FileTensors;
  /** Resources and variable tensors, which become states. */
  readonly variables: Variables;
  readonly #writer: ValueWriter;
  readonly #values = new Map<number, Id>();
  readonly #parameters = new Map<string, Id>();
  readonly #constants: FileConstants;
  readonly #computed = new Set<Id>();
  readonly #given: ReadonlySet<number>;
  /** Whether inputs have other extents than in the file, so that its shapes say nothing of what is computed. */
  #isReshaped = false;

  /** `fileBytes` bounds what is computed as the file is read. */
  constructor(file: TfliteModel, fileBytes: number) {
    const [subgraph] = file.subgraphs;
    this.#given = new Set(subgraph.outputs);
    this.#tensors = new FileTensors(file);
    this.#constants = new FileConstants(this.#tensors);
    this.#writer = new ValueWriter(textOf(subgraph.name), fileBytes);
    this.variables = new Variables(file, {
      edit: this.#writer.edit,
      take: (name) => this.#writer.take(name),
      nameOf: (index) => this.nameOf(index),
      typeOf: (index) => this.typeOf(index),
    });
    const computed = subgraph.operators.filter((o) => this.variables.computesOutputs(o));
    for (const index of new Set([...subgraph.inputs, ...computed.flatMap((o) => o.outputs)]))
      this.#values.set(index, this.#writer.take(this.nameOf(index)));
  }

  /**
   * An input as the file describes it, with the extents that it leaves open. Where variables are, the first isn't: those have one
   * size.
   */
  describeInput(index: number): DescribedInput {
    const [first, ...rest] = this.#tensors.extentsOf(index);
    const name = this.#valueOf(index);
    if (first !== undefined || !this.variables.exist) return { name, shape: this.#tensors.extentsOf(index) };
    return { name, shape: [this.typeOf(index).shape[0], ...rest] };
  }

  /** Declares an input. */
  addInput(
    index: number,
    shape: readonly Dim[],
    name: string | undefined,
    rest: Omit<ModelInput, 'id'>,
  ): void {
    const type = this.typeOf(index);
    this.#isReshaped ||= !sameShape(concrete(shape), type.shape);
    this.#writer.edit.addInput(
      this.#valueOf(index),
      { ...type, shape },
      { ...named(this.#valueOf(index), name), ...rest },
    );
  }

  /** The tensor's name in the file; `tensor_7` where it has none. */
  nameOf(index: number): string {
    return this.#tensors.nameOf(index);
  }

  /**
   * The tensor's type in the file: its batch size is a number. @throws FORMAT_INVALID where there is no such tensor, for types
   * that models don't have, for nothing at all, and for more elements than 32 bits count
   */
  typeOf(index: number): FileType {
    return this.#tensors.typeOf(index);
  }

  /**
   * A constant that must be one, such as axes, or that is known. Quantized weights of a float operator come as the real values
   * that they stand for. @throws OP_UNSUPPORTED where it is computed, BatchMixed where it depends on the size of the batch
   */
  constantInput(o: OperatorView, position: number, what: string): Tensor {
    const known = this.#knownInput(o, position);
    if (known?.batch) throw new BatchMixed(mixed(o));
    return known ? known.tensor : this.#constants.read(o, position, what);
  }

  /** Extents that must be known; 'batch' where they are that. @throws OP_UNSUPPORTED where they are computed */
  dimsInput(o: OperatorView, position: number, what: string): Dim[] {
    const known = this.#knownInput(o, position);
    return dimsOf(known ?? { tensor: this.constantInput(o, position, what) });
  }

  /**
   * An operand: a computed value, what a variable tensor holds at this point, or a parameter of role 'weight' as it is.
   * @throws FORMAT_INVALID where it is absent
   */
  input(o: OperatorView, position: number): Id {
    const index = this.#constants.indexOf(o, position);
    if (index < 0) throw invalid(o, `input ${position} is absent`);
    if (this.variables.isVariable(index)) return this.variables.valueOf(o, index);
    return this.#values.get(index) ?? this.parameter(o, position, { role: 'weight' });
  }

  /** The type of an operand in the model: its first dimension may be the batch. */
  inputType(o: OperatorView, position: number): ValueType {
    return this.#writer.edit.typeOf(this.input(o, position));
  }

  /** The type of a value of the model. */
  valueType(id: Id): ValueType {
    return this.#writer.edit.typeOf(id);
  }

  /** The shape of a result in the file; nothing where inputs have other extents than there. */
  resultShape(o: OperatorView, i = 0): readonly number[] | undefined {
    return this.#isReshaped ? undefined : this.typeOf(o.outputs[i]).shape;
  }

  /** An operand that must be a constant, as a parameter. @throws OP_UNSUPPORTED where it is computed */
  parameter(o: OperatorView, position: number, form: ParameterForm): Id {
    const { role, layout = 'as it is', rearrange = (constant: Tensor) => constant } = form;
    const constant = this.constantInput(o, position, `input ${position}`);
    const index = this.#constants.indexOf(o, position);
    const key = `${index} ${constant.dtype} ${role} ${layout}`;
    const known = this.#parameters.get(key);
    if (known !== undefined) return known;
    const tensor = rearrange(constant);
    const id = this.#writer.addParameter(this.#writer.take(this.nameOf(index)), tensor, role);
    this.#writer.known.set(id, { tensor });
    this.#parameters.set(key, id);
    return id;
  }

  /** A parameter that the file has no tensor for. */
  addParameter(o: OperatorView, name: string, tensor: Tensor, role: ParameterRole): Id {
    return this.#writer.addParameter(this.#writer.take(`${o.name}/${name}`), tensor, role);
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
      ...variables.map((index) => this.#writer.take(`${this.nameOf(index)}/next`)),
    ];
    const quantization = types.map((type) => type.quantization);
    const options = { outputs, quantization };
    // What the model gives is computed by it, as are variables.
    const isGiven = variables.length > 0 || o.outputs.some((index) => this.#given.has(index));
    const made = isGiven
      ? this.#writer.addNode(o, op, attributes, inputs, options)
      : this.#writer.apply(o, op, attributes, inputs, options);
    made.forEach((id) => this.#computed.add(id));
    if (made.length !== outputs.length)
      throw invalid(o, `found ${outputs.length} outputs, but ${op.name} gives ${made.length}`);
    types.forEach((type, i) => expectResult(o, op.name, this.#isReshaped, type, this.valueType(outputs[i])));
    variables.forEach((index, i) => this.variables.setValue(o, index, outputs[o.outputs.length + i]));
  }

  /** Lets the only output be known. @throws FORMAT_INVALID as `addResult` */
  addKnown(o: OperatorView, value: KnownValue): void {
    const [output] = o.outputs;
    if (value.batch && this.#given.has(output)) throw new BatchMixed(mixed(o));
    expectResult(o, o.operator, this.#isReshaped, this.typeOf(output), value.tensor);
    this.#computed.add(this.#writer.addKnown(this.#valueOf(output), value));
  }

  /** Counts elements that are made as the file is read. @throws FORMAT_INVALID where a file of this size makes fewer */
  claim(o: OperatorView, elements: number): void {
    this.#writer.known.claim(o, elements);
  }

  /** READ_VARIABLE: lets the only output stand for what the variable holds at this point. */
  addValueOf(o: OperatorView): void {
    const [output] = o.outputs;
    this.#values.set(output, this.variables.read(o, o.inputs[0], this.typeOf(output)));
  }

  /**
   * Lets the only output be a value that is there. False, and nothing done, where that is of another type, or where the model
   * gives the output and wouldn't compute it, or would give a value twice.
   */
  addSame(o: OperatorView, id: Id): boolean {
    const [output] = o.outputs;
    const { dtype, shape } = this.valueType(id);
    const type = this.typeOf(output);
    const others = [...this.#given].filter((index) => index !== output);
    const isFree = this.#computed.has(id) && others.every((index) => this.#values.get(index) !== id);
    if (dtype !== type.dtype || !sameShape(concrete(shape), type.shape)) return false;
    if (this.#given.has(output) && !isFree) return false;
    this.#values.set(output, id);
    return true;
  }

  /** Lets the outputs of an operator that can't be read stand as if they were fed, so that those behind it can be. */
  addUnread(o: OperatorView): void {
    for (const index of o.outputs) {
      const id = this.#values.get(index);
      if (id !== undefined && !this.#computed.has(id)) this.#writer.edit.addInput(id, this.typeOf(index));
    }
  }

  /** Whether an operand is a constant of the file, or known. */
  isConstant(o: OperatorView, position: number): boolean {
    const index = this.#constants.indexOf(o, position);
    const isOfFile = index >= 0 && !this.#values.has(index) && !this.variables.isVariable(index);
    return isOfFile || this.#knownInput(o, position) !== undefined;
  }

  /** Lets the operator's only output stand for its constant input, or for the real values that this stands for. */
  addAlias(o: OperatorView, as: 'stored' | 'real'): void {
    const [output] = o.outputs;
    this.#constants.addAlias(o, output, as);
    this.#values.delete(output);
  }

  /** Adds a node whose result the file has no tensor for; it keeps its first operand's quantization. Returns the result. */
  addBetween<A>(o: OperatorView, op: OpDefinition<A>, attributes: A, ...inputs: readonly Id[]): Id {
    return this.addParts(o, op, attributes, inputs, 1)[0];
  }

  /** The same for a node of several results. */
  addParts<A>(
    o: OperatorView,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
    count: number,
  ): Id[] {
    const { quantization } = this.valueType(inputs[0]);
    const outputs = Array.from({ length: count }, () => this.#writer.take(`${o.name}/${op.name}`));
    return this.#writer.apply(o, op, attributes, inputs, {
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
    outputs: readonly {
      readonly index: number;
      readonly name?: string;
      readonly labels: ModelOutput['labels'];
    }[],
    metadata: Model['metadata'],
  ): Model {
    this.variables.finish();
    const { edit } = this.#writer;
    edit.setOutputs(
      outputs.map(({ index, name, labels }) => {
        const id = this.variables.finalValue(index) ?? this.#valueOf(index);
        return { id, ...named(id, name), ...(labels && { labels }) };
      }),
    );
    edit.setMetadata(metadata);
    return edit.finish();
  }

  #knownInput(o: OperatorView, position: number): KnownValue | undefined {
    const id = this.#values.get(this.#constants.indexOf(o, position));
    return id === undefined ? id : this.#writer.known.get(id);
  }

  #variableIndex(o: OperatorView, position: number): number {
    const index = o.inputs[position] ?? -1;
    if (!this.variables.isVariable(index))
      throw invalid(o, `input ${position} is changed by the operator, but is no variable tensor`);
    return index;
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

/** A name beside an id, where it is another. */
function named(id: Id, name: string | undefined): { readonly name?: string } {
  return name === undefined || name === id ? {} : { name };
}
