import {
  concrete,
  formatType,
  sameQuantization,
  sameShape,
  sizeOf,
  tensor as makeTensor,
} from '@whittle/core';
import type { Id, ModelEditor, Tensor, ValueType } from '@whittle/core';
import { builtinOperatorOf, constantOf, schema, textOf } from '@whittle/tflite-schema';
import type { OperatorT, SubGraphT, TfliteModel } from '@whittle/tflite-schema';
import { resetValue } from '../reset-value.js';
import { invalid, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

const { ASSIGN_VARIABLE, READ_VARIABLE, VAR_HANDLE } = schema.BuiltinOperator;

/** Elements of all variables together: a few bytes of a file can claim any number, which have to be made. */
const MOST_ELEMENTS = 2 ** 24;

/** A variable while the operators are read in order. */
interface Variable {
  readonly name: string;
  /** The state that it is in the model; none where nothing reads it. */
  readonly state?: Id;
  /** What it holds at the moment; nothing where it was neither read nor assigned. */
  value?: Id;
}

/** How the reader of a graph makes and names values. */
export interface ValueSource {
  readonly edit: ModelEditor;
  readonly take: (name: string) => Id;
  readonly nameOf: (index: number) => string;
  readonly typeOf: (index: number) => ValueType & { readonly shape: readonly number[] };
}

/** How the reader of a graph names and types tensors. */
export interface VariableContext {
  readonly edit: ModelEditor;
  readonly take: (name: string) => Id;
  readonly nameOf: (index: number) => string;
  readonly typeOf: (index: number) => ValueType;
}

/**
 * The variables of a file: resources that have a handle, and variable tensors that operators change in place. Each becomes a
 * state of the model. What one holds depends on the point in the file's order at which it is read: what the state was
 * before the first assignment, then what was assigned last.
 */
export class Variables {
  #elements = 0;
  readonly #file: TfliteModel;
  readonly #main: SubGraphT;
  readonly #context: VariableContext;
  readonly #resources = new Map<string, Variable>();
  /** By tensor. */
  readonly #handles = new Map<number, Variable>();
  readonly #tensors = new Map<number, Variable>();
  /** By resource. */
  readonly #initial = new Map<string, Tensor>();

  constructor(file: TfliteModel, context: VariableContext) {
    this.#file = file;
    [this.#main] = file.subgraphs;
    this.#context = context;
  }

  /** Whether the file has any. */
  get exist(): boolean {
    const kinds = this.#main.operators.map((operator) => this.#kindOf(operator));
    return kinds.includes(VAR_HANDLE) || this.#main.tensors.some((tensor) => tensor.isVariable);
  }

  /** Whether a tensor is a variable itself. */
  isVariable(index: number): boolean {
    return this.#main.tensors[index]?.isVariable === true;
  }

  /** Whether an operator's outputs are values of their own: not a handle, nor what a variable holds. */
  computesOutputs(operator: OperatorT): boolean {
    return ![VAR_HANDLE, READ_VARIABLE].includes(this.#kindOf(operator));
  }

  /** VAR_HANDLE: lets a tensor stand for a variable. @throws OP_UNSUPPORTED, FORMAT_INVALID */
  addHandle(o: OperatorView, handle: number, container: string, name: string): void {
    const key = keyOf(container, name);
    let variable = this.#resources.get(key);
    if (!variable) {
      const type = this.#typeWhereRead(key);
      variable = type ? this.#declare(o, name, type, this.#initial.get(key)) : { name };
      this.#resources.set(key, variable);
    }
    this.#handles.set(handle, variable);
  }

  /** READ_VARIABLE into a tensor of a type. @throws OP_UNSUPPORTED, FORMAT_INVALID where it is not the variable's */
  read(o: OperatorView, handle: number, type: ValueType): Id {
    const variable = this.#ofHandle(o, handle);
    this.#expectType(o, variable, type);
    // What is read somewhere is a state.
    return (variable.value ??= variable.state!);
  }

  /** ASSIGN_VARIABLE. @throws OP_UNSUPPORTED, FORMAT_INVALID where the value is of another type than the variable */
  assign(o: OperatorView, handle: number, value: Id): void {
    this.#assign(o, this.#ofHandle(o, handle), value);
  }

  /** What a variable tensor holds now. */
  valueOf(o: OperatorView, index: number): Id {
    const variable = this.#ofTensor(o, index);
    return (variable.value ??= variable.state!);
  }

  /** Lets a variable tensor hold another value from here on. @throws as `assign` */
  setValue(o: OperatorView, index: number, value: Id): void {
    this.#assign(o, this.#ofTensor(o, index), value);
  }

  /** What a variable tensor holds after all operators; nothing where none uses it. */
  finalValue(index: number): Id | undefined {
    return this.#tensors.get(index)?.value;
  }

  /**
   * CALL_ONCE: initial values, from a subgraph that assigns constants to variables. @throws OP_UNSUPPORTED where it does
   * anything else, or stands behind a use of them; FORMAT_INVALID where there is no such subgraph
   */
  initialize(o: OperatorView, index: number): void {
    const subgraph = index > 0 ? this.#file.subgraphs[index] : undefined;
    if (!subgraph)
      throw invalid(o, `subgraph ${index} is called once, expected 1 to ${this.#file.subgraphs.length - 1}`);
    const keys = new Map<number, string>();
    for (const operator of subgraph.operators) {
      const { inputs, outputs } = operator;
      const key = keys.get(inputs[0]);
      const handle = handleKey(operator);
      if (handle !== undefined) keys.set(outputs[0], handle);
      else if (this.#kindOf(operator) === ASSIGN_VARIABLE && key !== undefined)
        this.#setInitial(o, subgraph, key, inputs[1]);
      else throw unreadable(o, `subgraph ${index} does more than to assign constants to variables`);
    }
  }

  /** Lets what the variables hold in the end be the next values of their states. */
  finish(): void {
    for (const { state, value } of [...this.#resources.values(), ...this.#tensors.values()])
      if (state !== undefined && value !== undefined) this.#context.edit.setState(state, { out: value });
  }

  /** The type of the first tensor that a resource is read into; nothing where it never is. */
  #typeWhereRead(key: string): ValueType | undefined {
    const { operators } = this.#main;
    const handles = new Set(
      operators.flatMap((operator) => (handleKey(operator) === key ? operator.outputs : [])),
    );
    const read = operators.find(
      (operator) => this.#kindOf(operator) === READ_VARIABLE && handles.has(operator.inputs[0]),
    );
    return read && this.#context.typeOf(read.outputs[0]);
  }

  #setInitial(o: OperatorView, subgraph: SubGraphT, key: string, index: number): void {
    const tensor = subgraph.tensors[index];
    const constant = tensor && constantOf(this.#file, tensor);
    if (!constant) throw unreadable(o, 'a variable is initialized to what is computed, expected a constant');
    // As for other tensors, what an observer saw of a float one means nothing.
    const { dtype, shape, data } = constant;
    const initial = dtype === 'float32' ? makeTensor(dtype, shape, data as Float32Array) : constant;
    this.#initial.set(key, initial);
    const variable = this.#resources.get(key);
    if (!variable) return;
    if (variable.value !== undefined)
      throw unreadable(o, `variable '${variable.name}' is used before it is initialized`);
    if (variable.state === undefined) return;
    this.#expectType(o, variable, initial);
    this.#context.edit.setState(variable.state, { initial });
  }

  #declare(o: OperatorView, name: string, type: ValueType, initial?: Tensor): Variable {
    this.#elements += sizeOf(concrete(type.shape));
    if (!(this.#elements <= MOST_ELEMENTS))
      throw invalid(
        o,
        `variables of more than ${MOST_ELEMENTS} elements, up to '${name}' of ${formatType(type)}`,
      );
    const reset = resetValue(type);
    const variable = { name, state: this.#context.edit.addState(this.#context.take(name), reset) };
    this.#expectType(o, variable, initial ?? reset);
    this.#context.edit.setState(variable.state, { initial: initial ?? reset });
    return variable;
  }

  #assign(o: OperatorView, variable: Variable, value: Id): void {
    this.#expectType(o, variable, this.#context.edit.typeOf(value));
    variable.value = value;
  }

  #ofHandle(o: OperatorView, handle: number): Variable {
    const variable = this.#handles.get(handle);
    if (!variable)
      throw invalid(o, 'input 0 is no handle of a variable, expected that of a VAR_HANDLE before it');
    return variable;
  }

  #ofTensor(o: OperatorView, index: number): Variable {
    const { nameOf, typeOf } = this.#context;
    const variable = this.#tensors.get(index) ?? this.#declare(o, nameOf(index), typeOf(index));
    this.#tensors.set(index, variable);
    return variable;
  }

  #expectType(o: OperatorView, { name, state, value }: Variable, found: ValueType): void {
    const id = state ?? value;
    if (id === undefined) return;
    const expected = this.#context.edit.typeOf(id);
    if (found.dtype !== expected.dtype || !sameShape(concrete(found.shape), concrete(expected.shape)))
      throw invalid(o, `variable '${name}' is ${formatType(expected)}, found ${formatType(found)}`);
    if (!sameQuantization(found.quantization, expected.quantization))
      throw unreadable(o, `variable '${name}' is used with several scales or zero points, expected one`);
  }

  #kindOf(operator: OperatorT): schema.BuiltinOperator {
    return builtinOperatorOf(this.#file.operatorCodes[operator.opcodeIndex]);
  }
}

function keyOf(container: string, name: string): string {
  return JSON.stringify([container, name]);
}

/** The resource that a VAR_HANDLE names; nothing for other operators. */
function handleKey({ builtinOptions: options }: OperatorT): string | undefined {
  if (!(options instanceof schema.VarHandleOptionsT)) return undefined;
  return keyOf(textOf(options.container), textOf(options.sharedName));
}
