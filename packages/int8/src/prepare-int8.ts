import {
  allocate,
  bind,
  concrete,
  isWhittleError,
  LoweringTable,
  sizeOf,
  throwProblems,
  typeOf,
  viewNode,
  WhittleError,
} from '@whittle/core';
import type { Feeds, Id, Model, Node, Tensor, TypedArray, ValueType } from '@whittle/core';
import { nodeName, tensor } from '@whittle/core';
import { int8Lowerings } from './kernels/index.js';
import { INT8 } from './lowering.js';
import type { Int8Kernel } from './lowering.js';

/** A quantized model ready for integer evaluation: multipliers, tables and weights are derived once. */
export interface Int8Program {
  /** The model that is evaluated, its batch bound to 1. */
  readonly model: Model;
  /**
   * Evaluates the model on the feeds. Their first extent may be any multiple of the model's own (1, unless it is fixed
   * to another): that many inferences are run one by one. Gives the values named in `fetch`, the outputs unless told, in
   * stored integers with their quantization.
   * @throws SHAPE_MISMATCH where a feed is missing or doesn't fit; MODEL_INVALID for a value that there isn't
   */
  run(feeds: Feeds, fetch?: readonly Id[]): Map<Id, Tensor>;
  /** Evaluates one node alone, on stored values of the operands; parameters fill in where an operand is left out. */
  runNode(node: Node, operands: ReadonlyMap<Id, TypedArray>): TypedArray[];
}

const builtIn = new LoweringTable(int8Lowerings);

/** Kernels count elements in 32 bits, with a sign. */
const MAX_ELEMENTS = 2 ** 31 - 1;

/**
 * Prepares a quantized model. An op's lowering is looked up in `lowerings` first, then among those of core's ops.
 * @throws OP_UNSUPPORTED, QUANTIZATION_INVALID, naming every node that has no kernel for its types and shapes
 */
export async function prepareInt8(model: Model, lowerings?: LoweringTable): Promise<Int8Program> {
  if (model.states.length > 0)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `int8 doesn't evaluate streaming models, found state '${model.states[0].in}'`,
    );
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

  return {
    model,
    run(feeds, fetch = model.outputs.map((o) => o.id)) {
      const inferences = countInferences(model, feeds);
      const results = new Map(fetch.map((id) => [id, resultTensor(model, id, inferences)] as const));
      const values = new Map<Id, TypedArray>([...constants, ...scratch]);
      for (let i = 0; i < inferences; i++) {
        for (const { id } of model.inputs)
          values.set(id, part((feeds.get(id) as Tensor).data, i, inferences));
        for (const [node, kernel] of steps)
          kernel(
            node.inputs.map((id) => values.get(id) as TypedArray),
            node.outputs.map((id) => values.get(id) as TypedArray),
          );
        for (const [id, result] of results) part(result.data, i, inferences).set(values.get(id) as never);
      }
      return results;
    },
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

function part(data: TypedArray, index: number, count: number): TypedArray {
  const size = data.length / count;
  return data.subarray(index * size, (index + 1) * size);
}

function resultTensor(model: Model, id: Id, inferences: number): Tensor {
  const { dtype, shape, quantization } = typeOf(model, id);
  const [first = 1, ...rest] = concrete(shape);
  // A parameter is the same in every inference, but comes back once for each, like any other value.
  const full = shape.length === 0 && inferences === 1 ? [] : [first * inferences, ...rest];
  return tensor(dtype, full, undefined, quantization);
}

/** How many inferences the feeds hold. @throws SHAPE_MISMATCH */
function countInferences(model: Model, feeds: Feeds): number {
  let inferences: number | undefined;
  for (const { id } of model.inputs) {
    const type = typeOf(model, id);
    const feed = feeds.get(id);
    if (!feed) throw new WhittleError('SHAPE_MISMATCH', `input '${id}' is not fed`);
    const [first, ...rest] = concrete(type.shape);
    const times = feed.shape[0] / first;
    inferences ??= times;
    const fits =
      feed.dtype === type.dtype &&
      Number.isInteger(times) &&
      times === inferences &&
      feed.shape.length === type.shape.length &&
      rest.every((dim, i) => dim === feed.shape[i + 1]);
    if (!fits)
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `input '${id}' takes ${type.dtype}[${type.shape.join(', ')}] ${inferences} time(s), found ${feed.dtype}[${feed.shape.join(', ')}]`,
      );
  }
  return inferences ?? 1;
}
