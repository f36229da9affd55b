import { allocate, concrete, interpreter, nodeName, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Evaluator, Feeds, Id, LoweringTable, Model, Node, Tensor, TypedArray } from '@whittle/core';
import { activationScale, INT8_OR_INT16, prepareInt8, quantizeFloat } from '@whittle/int8';
import type { ActivationScale, Int8Program } from '@whittle/int8';
import { representable } from './activation-scale.js';

/** How far one value of the integer model lies from the float model's. */
export interface ValueError {
  readonly id: Id;
  /** Name of the op that computes it, or 'input'. */
  readonly op: string;
  readonly scale: number;
  readonly zeroPoint: number;
  /** Signal to quantization noise, 10 log10(sum x^2 / sum (x - y)^2), with all errors up to here; Infinity where there is none. */
  readonly sqnrDb: number;
  /** The same with the float model's operands, rounded to its own steps, fed to this node alone: what this node itself adds. */
  readonly ownSqnrDb?: number;
  /** Largest |x - y|. */
  readonly maxError: number;
  /** Share of float values outside what the scale can hold, 0 to 1. */
  readonly clipped: number;
}

/**
 * Says which layer loses accuracy: compares, value by value in order of computation, a float model with the integer
 * model made from it. Give the model as `quantization/prepare` leaves it to see every value; those that have no counterpart are
 * left out. `feeds` are float inputs, of any batch size.
 * @throws SHAPE_MISMATCH, OP_UNSUPPORTED, QUANTIZATION_INVALID
 */
export async function quantizationReport(
  floatModel: Model,
  integerModel: Model,
  feeds: Feeds,
  options: { readonly evaluator?: Evaluator; readonly lowerings?: LoweringTable } = {},
): Promise<ValueError[]> {
  const program = await prepareInt8(integerModel, options.lowerings);
  const shared = [...floatModel.values.keys()].filter((id) => program.model.values.get(id)?.quantization);
  const isInput = (id: Id) => floatModel.inputs.some((input) => input.id === id);
  const computed = shared.filter((id) => !isInput(id));
  const evaluator = options.evaluator ?? interpreter;
  const real = new Map<Id, Tensor>([...feeds, ...(await evaluator.run(floatModel, feeds, computed))]);
  const stored = program.run(quantizeInputs(program.model, feeds), shared);
  const nodeOf = new Map(program.model.nodes.map((node) => [nodeName(node), node]));
  return shared.map((id) => {
    const node = nodeOf.get(id);
    const stores = scaleOf(program.model, id);
    const { scale, zeroPoint } = stores;
    const wanted = (real.get(id) as Tensor).data as Float32Array;
    const found = (stored.get(id) as Tensor).data;
    const own = node && ownResult(program, node, real, wanted.length);
    const [low, high] = representable(stores);
    return {
      id,
      op: node?.op.name ?? 'input',
      scale,
      zeroPoint,
      ...compare(wanted, found, scale, zeroPoint),
      ...(own && { ownSqnrDb: compare(wanted, own, scale, zeroPoint).sqnrDb }),
      clipped: wanted.filter((x) => x < low - scale / 2 || x > high + scale / 2).length / wanted.length,
    };
  });
}

function scaleOf(model: Model, id: Id): ActivationScale {
  return activationScale({ name: id }, typeOf(model, id), 'value', INT8_OR_INT16);
}

function quantizeInputs(model: Model, feeds: Feeds): Feeds {
  return new Map(
    model.inputs.flatMap(({ id }) => {
      const feed = feeds.get(id);
      if (!feed || model.values.get(id)?.dtype === 'float32') return feed ? [[id, feed] as const] : [];
      const { dtype } = scaleOf(model, id);
      return [[id, tensor(dtype, feed.shape, store(model, id, feed.data))] as const];
    }),
  );
}

function store(model: Model, id: Id, data: TypedArray): Int8Array | Int16Array {
  const scale = scaleOf(model, id);
  const stored = allocate(scale.dtype, data.length);
  for (let i = 0; i < data.length; i++) stored[i] = quantizeFloat(Number(data[i]), scale);
  return stored;
}

/** The node's result on the float model's operands; undefined where an operand has no counterpart there. */
function ownResult(
  { model, runNode }: Int8Program,
  node: Node,
  real: ReadonlyMap<Id, Tensor>,
  length: number,
): TypedArray | undefined {
  const operands = node.inputs.filter((id) => !model.parameters.has(id));
  if (!operands.every((id) => real.has(id) && model.values.get(id)?.quantization)) return undefined;
  const whole = operands.map((id) => store(model, id, (real.get(id) as Tensor).data));
  const result = allocate(scaleOf(model, nodeName(node)).dtype, length);
  const size = sizeOf(concrete(typeOf(model, nodeName(node)).shape));
  const inferences = length / size;
  for (let i = 0; i < inferences; i++) {
    const parts = operands.map((id, k) => {
      const width = whole[k].length / inferences;
      return [id, whole[k].subarray(i * width, (i + 1) * width)] as const;
    });
    result.set(runNode(node, new Map(parts))[0] as Int8Array | Int16Array, i * size);
  }
  return result;
}

function compare(wanted: Float32Array, found: TypedArray, scale: number, zeroPoint: number) {
  let signal = 0;
  let noise = 0;
  let maxError = 0;
  wanted.forEach((x, i) => {
    const error = x - scale * ((found[i] as number) - zeroPoint);
    signal += x * x;
    noise += error * error;
    maxError = Math.max(maxError, Math.abs(error));
  });
  return { sqnrDb: noise === 0 ? Infinity : 10 * Math.log10(signal / noise), maxError };
}
