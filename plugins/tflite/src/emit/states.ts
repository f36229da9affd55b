import { tensorsEqual, WhittleError } from '@whittle/core';
import type { Id, Model, ModelState, Node } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { TfliteLowering } from '@whittle/tflite-schema';
import { resetValue } from '../reset-value.js';
import type { SubgraphWriter } from './subgraph-writer.js';

const { ASSIGN_VARIABLE, CALL_ONCE, READ_VARIABLE, VAR_HANDLE } = schema.BuiltinOperator;

/** Where the subgraph that gives variables their initial values stands in the file. */
const INITIALIZATION = 1;

/** Adds the tensor of a variable's handle, and what makes it. */
function addHandle(writer: SubgraphWriter, name: Id): number {
  const handle = writer.addResource(name);
  const options = new schema.VarHandleOptionsT('', name);
  writer.addOperator({ operator: VAR_HANDLE, inputs: [], outputs: [handle], options });
  return handle;
}

function addAssignment(writer: SubgraphWriter, handle: number, value: number): void {
  const options = new schema.AssignVariableOptionsT();
  writer.addOperator({ operator: ASSIGN_VARIABLE, inputs: [handle, value], outputs: [], options });
}

/**
 * States as variables of the file, which are named after the values that are read. A variable is read just before the first
 * node that needs its value, and assigned as soon as the next value is there: what was read is a tensor of its own.
 */
export class VariableWriter {
  readonly #writer: SubgraphWriter;
  readonly #states: readonly ModelState[];
  readonly #handles = new Map<Id, number>();
  readonly #read = new Set<Id>();
  readonly #assigned = new Set<Id>();

  constructor(writer: SubgraphWriter, states: readonly ModelState[]) {
    this.#writer = writer;
    this.#states = states;
  }

  /** The initialization comes first, then the handles. */
  begin(): void {
    if (this.#states.length === 0) return;
    const options = new schema.CallOnceOptionsT(INITIALIZATION);
    this.#writer.addOperator({ operator: CALL_ONCE, inputs: [], outputs: [], options });
    for (const state of this.#states) this.#handles.set(state.in, addHandle(this.#writer, state.in));
  }

  beforeNode(node: Node): void {
    for (const id of node.inputs) this.#readVariable(id);
  }

  afterNode(node: Node): void {
    for (const state of this.#states) if (node.outputs.includes(state.out)) this.#assign(state);
  }

  /** Reads what leaves the model as it was, and assigns what no node computes. */
  end(model: Model): void {
    for (const { id } of model.outputs) this.#readVariable(id);
    for (const state of this.#states) this.#readVariable(state.out);
    for (const state of this.#states) if (!this.#assigned.has(state.in)) this.#assign(state);
  }

  /** The subgraph that is called once, before the first inference. */
  initialization(): schema.SubGraphT[] {
    if (this.#states.length === 0) return [];
    const part = this.#writer.beside();
    for (const state of this.#states) {
      const initial = part.addConstant(state.initial, `${state.in}/initial`);
      addAssignment(part, addHandle(part, state.in), initial);
    }
    return [new schema.SubGraphT(part.tensors, [], [], part.operators, 'initialization')];
  }

  #readVariable(id: Id): void {
    const handle = this.#handles.get(id);
    if (handle === undefined || this.#read.has(id)) return;
    this.#read.add(id);
    const options = new schema.ReadVariableOptionsT();
    const outputs = [this.#writer.tensorOf(id)];
    this.#writer.addOperator({ operator: READ_VARIABLE, inputs: [handle], outputs, options });
  }

  #assign(state: ModelState): void {
    // One that keeps its value needs no assignment.
    if (state.out !== state.in) {
      this.#readVariable(state.in);
      addAssignment(this.#writer, this.#handles.get(state.in)!, this.#writer.tensorOf(state.out));
    }
    this.#assigned.add(state.in);
  }
}

/**
 * The states that operators change in place, as their lowerings declare. Runtimes set variable tensors to zero, int8 ones to
 * their zero point, before the first inference.
 * @throws OP_UNSUPPORTED where such an operand is no state, its next value another one, or its initial value not that
 */
export function mutatedStates(
  model: Model,
  lowerings: ReadonlyMap<Node, TfliteLowering>,
): ReadonlyMap<Id, ModelState> {
  const found = new Map<Id, ModelState>();
  model.nodes.forEach((node, at) => {
    for (const { input, output } of lowerings.get(node)?.mutates ?? []) {
      const id = node.inputs[input];
      const state = model.states.find((each) => each.in === id);
      const fail = (reason: string) =>
        new WhittleError(
          'OP_UNSUPPORTED',
          `${node.outputs[0]}: the operator for ${node.op.name} changes its operand '${id}' in place, but ${reason}`,
          { plugin: 'tflite', node: node.outputs[0] },
        );
      if (!state) throw fail('that is no state of the model');
      if (state.out !== node.outputs[output])
        throw fail(`'${state.out}' replaces it in the model, expected '${node.outputs[output]}'`);
      if (model.nodes.slice(at + 1).some(({ inputs }) => inputs.includes(id)) || isLeaf(model, id))
        throw fail('what it was before is needed afterwards');
      if (!tensorsEqual(state.initial, resetValue(state.initial)))
        throw fail('its initial value is not what runtimes give a variable tensor');
      found.set(id, state);
    }
  });
  return found;
}

function isLeaf(model: Model, id: Id): boolean {
  return model.outputs.some((output) => output.id === id) || model.states.some((state) => state.out === id);
}
