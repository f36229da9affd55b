import { WhittleError } from './errors.js';
import type { Id, Model, ModelInput, ModelOutput, ModelState, Node, Parameter, ValueType } from './model.js';
import { nodeName, tensorType, typeOf } from './model.js';
import type { Attributes, OpDefinition } from './op.js';
import { checkOperands } from './op.js';
import type { Quantization, Tensor } from './tensor.js';
import { leaves, liveParts, sortNodes } from './traverse.js';

export interface AddNodeOptions {
  /** Ids of the outputs; made from the op's name where left out. */
  readonly outputs?: readonly Id[];
  /** Quantization of the outputs, where they are integers. */
  readonly quantization?: readonly (Quantization | undefined)[];
}

/**
 * A model under change. Nodes may be added in any order: `finish` sorts them, infers types anew, and drops what no output
 * depends on any more (nodes, parameters and states; never inputs).
 */
export class ModelEditor {
  readonly #base: Model;
  readonly #ids: Set<Id>;
  /** Ids that freshId gave out and that no value has yet. */
  readonly #reserved = new Set<Id>();
  #name: string;
  #nodes: Node[];
  #inputs: readonly ModelInput[];
  #outputs: readonly ModelOutput[];
  #states: readonly ModelState[];
  #metadata: Readonly<Record<string, string>>;
  readonly #parameters: Map<Id, Parameter>;
  readonly #types: Map<Id, ValueType>;
  #changed = false;

  constructor(base: Model) {
    this.#base = base;
    this.#name = base.name;
    this.#nodes = [...base.nodes];
    this.#inputs = base.inputs;
    this.#outputs = base.outputs;
    this.#states = base.states;
    this.#metadata = base.metadata;
    this.#parameters = new Map(base.parameters);
    this.#types = new Map(base.values);
    this.#ids = new Set([...base.values.keys(), ...base.parameters.keys()]);
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** An id that no value has: `base`, or `base_1`, `base_2` and so on. It is reserved for the value that is added under it. */
  freshId(base: string): Id {
    const id = this.#unique(base);
    this.#reserved.add(id);
    return id;
  }

  /** Type of a value as of now. @throws MODEL_INVALID */
  typeOf(id: Id): ValueType {
    return typeOf({ values: this.#types, parameters: this.#parameters }, id);
  }

  addInput(id: Id, type: ValueType, rest: Omit<ModelInput, 'id'> = {}): Id {
    const fresh = this.#claim(id);
    this.#types.set(fresh, type);
    this.#inputs = [...this.#inputs, { id: fresh, ...rest }];
    this.#changed = true;
    return fresh;
  }

  /**
   * Declares a state that begins as `initial` and keeps its value until `setState` says what replaces it. Its type is that
   * of `initial` unless told: where the batch is free, say. Returns the id under which it is read.
   */
  addState(id: Id, initial: Tensor, type: ValueType = tensorType(initial)): Id {
    const fresh = this.#claim(id);
    this.#types.set(fresh, type);
    this.#states = [...this.#states, { in: fresh, out: fresh, initial }];
    this.#changed = true;
    return fresh;
  }

  /** Says what replaces a state at the end of an inference, or what it is before the first. @throws MODEL_INVALID */
  setState(id: Id, change: Partial<Omit<ModelState, 'in'>>): void {
    if (!this.#states.some((state) => state.in === id))
      throw new WhittleError('MODEL_INVALID', `no state '${id}' in the model`);
    this.#states = this.#states.map((state) => (state.in === id ? { ...state, ...change } : state));
    this.#changed = true;
  }

  /** Adds a parameter; its id is made unique. Returns the id. */
  addParameter(parameter: Parameter): Id {
    const id = this.#unique(parameter.id);
    this.#parameters.set(id, { ...parameter, id });
    this.#changed = true;
    return id;
  }

  /** Replaces an existing parameter. */
  setParameter(id: Id, change: Partial<Omit<Parameter, 'id'>>): void {
    const old = this.#parameters.get(id);
    if (!old) throw new WhittleError('MODEL_INVALID', `no parameter '${id}' in the model`);
    this.#parameters.set(id, { ...old, ...change });
    this.#changed = true;
  }

  /**
   * Adds a node and returns the ids of its outputs. Attributes are checked against the op's schema.
   * @throws OPTION_INVALID, MODEL_INVALID, SHAPE_MISMATCH
   */
  addNode<A>(op: OpDefinition<A>, attributes: A, inputs: readonly Id[], options: AddNodeOptions = {}): Id[] {
    const name = options.outputs?.[0] ?? op.name;
    checkOperands(op, inputs.length, name);
    const parsed = op.attributes.safeParse(attributes);
    if (!parsed.success)
      throw new WhittleError('OPTION_INVALID', `${name}: attributes of ${op.name}: ${parsed.error.message}`, {
        node: name,
      });
    const types = op.infer({ name, attributes: parsed.data, inputs: inputs.map((id) => this.typeOf(id)) });
    const outputs = types.map((_, i) =>
      options.outputs?.[i] !== undefined
        ? this.#claim(options.outputs[i])
        : this.#unique(i === 0 ? op.name : `${op.name}:${i}`),
    );
    types.forEach((type, i) => {
      const quantization = options.quantization?.[i];
      this.#types.set(outputs[i], quantization ? { ...type, quantization } : type);
    });
    this.#nodes.push({ op: op as OpDefinition, attributes: parsed.data as Attributes, inputs, outputs });
    this.#changed = true;
    return outputs;
  }

  /** Takes a node out; its outputs must be replaced, or used by nothing, by the time of `finish`. */
  removeNode(node: Node): void {
    const at = this.#nodes.indexOf(node);
    if (at < 0) throw new WhittleError('MODEL_INVALID', `${nodeName(node)} is not in the model`);
    this.#nodes.splice(at, 1);
    for (const id of node.outputs) {
      this.#ids.delete(id);
      this.#types.delete(id);
    }
    this.#changed = true;
  }

  /** Puts another op, other attributes or operands in place of a node; its outputs keep their ids. Returns the new node. */
  replaceNode<A>(node: Node, op: OpDefinition<A>, attributes: A, inputs: readonly Id[] = node.inputs): Node {
    const at = this.#nodes.indexOf(node);
    if (at < 0) throw new WhittleError('MODEL_INVALID', `${nodeName(node)} is not in the model`);
    const fresh: Node = {
      op: op as OpDefinition,
      attributes: attributes as Attributes,
      inputs,
      outputs: node.outputs,
    };
    this.#nodes[at] = fresh;
    this.#changed = true;
    return fresh;
  }

  /**
   * Puts one node in place of two: `producer`, whose output `consumer` alone reads, and `consumer`. The new node computes
   * the consumer's outputs under their ids, types included, and behind them what else the producer gives, such as the next
   * value of a state; the outputs that the consumer read are gone. Returns the new node.
   */
  fuseNodes<A>(
    producer: Node,
    consumer: Node,
    op: OpDefinition<A>,
    attributes: A,
    inputs: readonly Id[],
  ): Node {
    const fused = this.replaceNode(producer, op, attributes, inputs);
    const at = this.#nodes.indexOf(fused);
    const read = producer.outputs.filter((id) => consumer.inputs.includes(id));
    const kept = producer.outputs.filter((id) => !read.includes(id));
    const result: Node = { ...fused, outputs: [...consumer.outputs, ...kept] };
    this.#nodes[at] = result;
    this.#nodes.splice(this.#nodes.indexOf(consumer), 1);
    for (const id of read) {
      this.#ids.delete(id);
      this.#types.delete(id);
    }
    return result;
  }

  /** Makes every reader of `from`, model outputs and states included, read `to`. */
  replaceUses(from: Id, to: Id, except?: (node: Node) => boolean): void {
    const swap = (id: Id) => (id === from ? to : id);
    this.#nodes = this.#nodes.map((node) =>
      node.inputs.includes(from) && !except?.(node) ? { ...node, inputs: node.inputs.map(swap) } : node,
    );
    this.#outputs = this.#outputs.map((o) => (o.id === from ? { ...o, id: to } : o));
    this.#states = this.#states.map((s) => (s.out === from ? { ...s, out: to } : s));
    this.#changed = true;
  }

  /** Sets the type of an input or of a node's output; only its quantization outlasts type inference. */
  setType(id: Id, type: ValueType): void {
    this.typeOf(id);
    this.#types.set(id, type);
    this.#changed = true;
  }

  /** Gives an id to a value that has another, wherever it is used. */
  renameValue(from: Id, to: Id): void {
    const type = this.typeOf(from);
    this.#claim(to);
    this.#types.delete(from);
    this.#types.set(to, type);
    this.#ids.delete(from);
    this.#nodes = this.#nodes.map((node) =>
      node.outputs.includes(from)
        ? { ...node, outputs: node.outputs.map((id) => (id === from ? to : id)) }
        : node,
    );
    this.#inputs = this.#inputs.map((i) => (i.id === from ? { ...i, id: to } : i));
    this.#states = this.#states.map((s) => (s.in === from ? { ...s, in: to } : s));
    this.replaceUses(from, to);
  }

  setInputs(inputs: readonly ModelInput[]): void {
    this.#inputs = inputs;
    this.#changed = true;
  }

  setOutputs(outputs: readonly ModelOutput[]): void {
    this.#outputs = outputs;
    this.#changed = true;
  }

  setName(name: string): void {
    this.#name = name;
    this.#changed = true;
  }

  setMetadata(metadata: Readonly<Record<string, string>>): void {
    this.#metadata = metadata;
    this.#changed = true;
  }

  /** The changed model, or the very same object where nothing was changed. @throws MODEL_INVALID, SHAPE_MISMATCH */
  finish(): Model {
    if (!this.#changed) return this.#base;
    const sources = [
      ...this.#inputs.map((i) => i.id),
      ...this.#states.map((s) => s.in),
      ...this.#parameters.keys(),
    ];
    const { nodes, states } = liveParts(sortNodes(this.#nodes, sources), this.#outputs, this.#states);
    const used = new Set(nodes.flatMap((node) => node.inputs));
    const roots = leaves({ outputs: this.#outputs, states });
    const parameters = new Map([...this.#parameters].filter(([id]) => used.has(id) || roots.has(id)));
    const values = new Map<Id, ValueType>();
    for (const { id } of this.#inputs) values.set(id, this.typeOf(id));
    for (const state of states) values.set(state.in, this.typeOf(state.in));
    for (const node of nodes) {
      const inputs = node.inputs.map((id) => typeOf({ values, parameters }, id));
      const types = node.op.infer({ name: nodeName(node), attributes: node.attributes, inputs });
      types.forEach((type, i) => values.set(node.outputs[i], this.#withQuantization(node.outputs[i], type)));
    }
    for (const id of roots) typeOf({ values, parameters }, id);
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes,
      parameters,
      values,
      states,
      metadata: this.#metadata,
    };
  }

  #unique(base: string): Id {
    let id = base;
    for (let i = 1; this.#ids.has(id); i++) id = `${base}_${i}`;
    this.#ids.add(id);
    return id;
  }

  #claim(id: Id): Id {
    if (this.#ids.has(id) && !this.#reserved.delete(id))
      throw new WhittleError('MODEL_INVALID', `there is a value '${id}' already`);
    this.#ids.add(id);
    return id;
  }

  #withQuantization(id: Id, type: ValueType): ValueType {
    const quantization = this.#types.get(id)?.quantization;
    return quantization && type.dtype !== 'float32' ? { ...type, quantization } : type;
  }
}

/** Edits a model; the same object comes back where `edit` changed nothing. */
export function patch(model: Model, edit: (editor: ModelEditor) => void): Model {
  const editor = new ModelEditor(model);
  edit(editor);
  return editor.finish();
}

/** A model without inputs, nodes and outputs, to build one from. */
export function emptyModel(name: string): Model {
  return {
    name,
    inputs: [],
    outputs: [],
    nodes: [],
    parameters: new Map(),
    values: new Map(),
    states: [],
    metadata: {},
  };
}
