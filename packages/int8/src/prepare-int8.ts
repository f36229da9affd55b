import {
  allocate,
  bind,
  concrete,
  countInferences,
  inferencePart,
  isWhittleError,
  LoweringTable,
  resultTensor,
  sizeOf,
  throwProblems,
  typeOf,
  viewNode,
  WhittleError,
} from '@whittle/core';
import type { Feeds, Id, Model, Node, Tensor, TypedArray, ValueType } from '@whittle/core';
import { expectQuantized } from './expect-quantized.js';
import { nodeName } from '@whittle/core';
import { int8Lowerings } from './kernels/index.js';
import { INT8 } from './lowering.js';
import type { Int8Kernel } from './lowering.js';

/** Inferences in order: states carry over from one to the next, and from one `run` to the next. */
export interface Int8Stream {
  /**
   * Evaluates the model on the feeds. Their first extent may be any multiple of the model's own (1, unless it is fixed
   * to another): that many inferences are run in order. Gives the values named in `fetch`, the outputs unless told, in
   * stored integers with their quantization.
   * @throws SHAPE_MISMATCH where a feed is missing or doesn't fit; MODEL_INVALID for a value that there isn't
   */
  run(feeds: Feeds, fetch?: readonly Id[]): Map<Id, Tensor>;
}

/** A quantized model ready for integer evaluation: multipliers, tables and weights are derived once. */
export interface Int8Program {
  /** The model that is evaluated, its batch bound to 1. */
  readonly model: Model;
  /** The feeds as a stream of their own, which begins with the model's initial states: `stream().run`. */
  run: Int8Stream['run'];
  /** A stream of inferences that begins with the model's initial states. Streams don't see one another. */
  stream(): Int8Stream;
  /** Evaluates one node alone, on stored values of the operands; parameters fill in where an operand is left out. */
  runNode(node: Node, operands: ReadonlyMap<Id, TypedArray>): TypedArray[];
}

const builtIn = new LoweringTable(int8Lowerings);

/** Kernels count elements in 32 bits, with a sign. */
const MAX_ELEMENTS = 2 ** 31 - 1;

/**
 * Prepares a quantized model. An op's lowering is looked up in `lowerings` first, then among those of core's ops.
 * @throws OP_UNSUPPORTED, QUANTIZATION_INVALID, naming every node that has no kernel for its types and shapes, or where nothing is
 * quantized
 */
export async function prepareInt8(model: Model, lowerings?: LoweringTable): Promise<Int8Program> {
  const bound = bind(model, { batch: 1 });
  const kernels = new Map<Node, Int8Kernel>();
  const problems: WhittleError[] = [];
  for (const node of bound.nodes)
    try {
      kernels.set(node, await prepareNode(bound, node, lowerings));
    } catch (error) {
      if (!isWhittleError(error)) throw error;
      problems.push(error);
    }
  const isFloat = [...bound.values.values()].every(({ quantization }) => quantization === undefined);
  if (problems.length > 0 && isFloat) expectQuantized(bound);
  throwProblems(problems, (count) => `${count} nodes can't be evaluated in integers`);
  return createProgram(bound, kernels);
}

async function prepareNode(model: Model, node: Node, lowerings?: LoweringTable): Promise<Int8Kernel> {
  const view = viewNode(model, node);
  for (const { shape } of [...view.inputs, ...view.outputs])
    if (sizeOf(concrete(shape)) > MAX_ELEMENTS)
      throw new WhittleError(
        'OP_UNSUPPORTED',
        `${view.name}: a value of shape [${shape.join(', ')}], expected ${MAX_ELEMENTS} elements at most`,
        { node: view.name },
      );
  const table = lowerings?.has(INT8, node.op) ? lowerings : builtIn;
  const prepare = await table.get(INT8, node.op, view);
  const constants = node.inputs.map((id) => model.parameters.get(id)?.tensor);
  return prepare(view as never, constants);
}

function createProgram(model: Model, kernels: ReadonlyMap<Node, Int8Kernel>): Int8Program {
  const fresh = (id: Id) => allocate(typeOf(model, id).dtype, elements(typeOf(model, id)));
  const constants = new Map<Id, TypedArray>();
  for (const { id, tensor: value } of model.parameters.values()) constants.set(id, value.data);
  const scratch = new Map<Id, TypedArray>();
  for (const node of model.nodes) for (const id of node.outputs) scratch.set(id, fresh(id));
  const steps = [...kernels];

  const stream = (): Int8Stream => {
    let states = new Map<Id, TypedArray>(model.states.map((state) => [state.in, state.initial.data]));
    return {
      run(feeds, fetch = model.outputs.map((o) => o.id)) {
        const inferences = countInferences(model, feeds);
        const results = new Map(fetch.map((id) => [id, resultTensor(model, id, inferences)] as const));
        const values = new Map<Id, TypedArray>([...constants, ...scratch]);
        for (let i = 0; i < inferences; i++) {
          for (const [id, state] of states) values.set(id, state);
          for (const { id } of model.inputs)
            values.set(id, inferencePart((feeds.get(id) as Tensor).data, i, inferences));
          for (const [node, kernel] of steps)
            kernel(
              node.inputs.map((id) => values.get(id) as TypedArray),
              node.outputs.map((id) => values.get(id) as TypedArray),
            );
          for (const [id, result] of results)
            inferencePart(result.data, i, inferences).set(values.get(id) as never);
          states = new Map(model.states.map((state) => [state.in, values.get(state.out)!.slice()]));
        }
        return results;
      },
    };
  };

  return {
    model,
    run: (feeds, fetch) => stream().run(feeds, fetch),
    stream,
    runNode(node, operands) {
      const kernel = kernels.get(node);
      if (!kernel) throw new WhittleError('MODEL_INVALID', `${nodeName(node)} is not in the prepared model`);
      const outputs = node.outputs.map(fresh);
      kernel(
        node.inputs.map((id) => (operands.get(id) ?? constants.get(id)) as TypedArray),
        outputs,
      );
      return outputs;
    },
  };
}

function elements(type: ValueType): number {
  return sizeOf(concrete(type.shape));
}
