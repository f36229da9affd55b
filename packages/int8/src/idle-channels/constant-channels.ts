import {
  bind,
  concrete,
  conv2d,
  convGeometry,
  dense,
  depthwiseConv2d,
  isBinaryOp,
  isOp,
  isUnaryOp,
  sizeOf,
  typeOf,
} from '@whittle/core';
import type { Id, LoweringTable, Model, Node, Tensor } from '@whittle/core';
import { averagePool2d, maxPool2d, movedConstants, viewNode } from '@whittle/core';
import { multiplyByQuantizedMultiplier } from '../fixed-point.js';
import { finishChannel } from '../kernels/finish-channel.js';
import { convPlan, depthwisePlan } from '../plans/convolution.js';
import type { ConvPlan, DepthwisePlan } from '../plans/convolution.js';
import { densePlan } from '../plans/dense.js';
import type { DensePlan } from '../plans/dense.js';
import { prepareInt8 } from '../prepare-int8.js';
import type { Int8Program } from '../prepare-int8.js';

/** The stored value that a channel (index along the last axis) holds at every position, whatever comes in. */
export type ConstantChannels = ReadonlyMap<number, number>;

/** Sums up to here are rescaled without wrapping, so that a larger sum gives no smaller output. */
const SUM_LIMIT = 2 ** 30;

/**
 * The constant channels of each value of a quantized model: those whose weights are zero, or too small to move the output
 * by a step for any input, borders included, and what element-wise ops and pools make of them. int16 values have none here.
 * @throws OP_UNSUPPORTED, QUANTIZATION_INVALID
 */
export async function constantChannels(
  source: Model,
  lowerings?: LoweringTable,
): Promise<ReadonlyMap<Id, ConstantChannels>> {
  const model = bind(source, { batch: 1 });
  const program = await prepareInt8(model, lowerings);
  const known = new Map<Id, ConstantChannels>();
  program.model.nodes.forEach((node) => {
    if (node.outputs.length === 1) known.set(node.outputs[0], constantsOf(program, node, known));
  });
  return known;
}

function constantsOf(
  program: Int8Program,
  node: Node,
  known: ReadonlyMap<Id, ConstantChannels>,
): ConstantChannels {
  const { model } = program;
  const input = known.get(node.inputs[0]) ?? new Map<number, number>();
  const data = (i: number) => model.parameters.get(node.inputs[i])?.tensor as Tensor | undefined;
  if (isOp(node, conv2d) || isOp(node, depthwiseConv2d) || isOp(node, dense)) {
    const weight = data(1);
    const bias = data(2);
    if (!weight || (node.inputs.length > 2 && !bias)) return new Map();
    if (typeOf(model, node.inputs[0]).dtype !== 'int8') return new Map();
    const view = viewNode(model, node) as never;
    if (isOp(node, dense)) return linearConstants(densePlan(view), weight, bias, input, false);
    const plan = isOp(node, conv2d) ? convPlan(view) : depthwisePlan(view);
    const { top, bottom, left, right } = convGeometry(view);
    return linearConstants(plan, weight, bias, input, top + bottom + left + right > 0);
  }
  const pool = isOp(node, averagePool2d) || isOp(node, maxPool2d);
  if (pool || isUnaryOp(node.op) || isBinaryOp(node.op)) return evaluatedConstants(program, node, known);
  return movers.has(node.op.name) ? movedConstants(model, node, node.outputs[0], known) : new Map();
}

type LinearPlan = ConvPlan | DepthwisePlan | DensePlan;

/** Channels whose least and greatest sum give the same output. */
function linearConstants(
  plan: LinearPlan,
  weight: Tensor,
  bias: Tensor | undefined,
  input: ConstantChannels,
  padded: boolean,
): ConstantChannels {
  const outputs = plan.multipliers.length;
  const least = Float64Array.from({ length: outputs }, (_, o) => Number(bias?.data[o] ?? 0));
  const most = least.slice();
  const weightZeroPoint = 'weightZeroPoint' in plan ? plan.weightZeroPoint : 0;
  const channelOf = inputChannels(plan, weight);
  for (let i = 0; i < weight.data.length; i++) {
    const factor = Number(weight.data[i]) - weightZeroPoint;
    if (factor === 0) continue;
    const constant = input.get(channelOf(i));
    const low = factor * ((constant ?? -128) - plan.inputZeroPoint);
    const high = factor * ((constant ?? 127) - plan.inputZeroPoint);
    // Where a window reaches beyond the image, a tap adds nothing.
    least[i % outputs] += Math.min(low, high, padded ? 0 : Infinity);
    most[i % outputs] += Math.max(low, high, padded ? 0 : -Infinity);
  }
  const result = new Map<number, number>();
  for (let o = 0; o < outputs; o++) {
    if (Math.max(-least[o], most[o]) >= SUM_LIMIT || plan.shifts[o] > 0) continue;
    const low = finishChannel(least[o], o, plan);
    const stays = multiplyByQuantizedMultiplier(least[o], plan.multipliers[o], plan.shifts[o]);
    if (Math.abs(stays) < SUM_LIMIT && low === finishChannel(most[o], o, plan)) result.set(o, low);
  }
  return result;
}

/** The input channel that the i-th weight multiplies, in the model's layout. */
function inputChannels(plan: LinearPlan, { shape }: Tensor): (i: number) => number {
  const outputs = plan.multipliers.length;
  if ('depthMultiplier' in plan) return (i) => Math.floor((i % outputs) / plan.depthMultiplier);
  const perGroup = shape[shape.length - 2];
  const groups = 'groups' in plan ? plan.groups : 1;
  return (i) => {
    const group = Math.floor(((i % outputs) * groups) / outputs);
    return group * perGroup + (Math.floor(i / outputs) % perGroup);
  };
}

/** Element-wise ops and pools: evaluated with the constants in place; a channel counts if all its operands' do. */
function evaluatedConstants(
  program: Int8Program,
  node: Node,
  known: ReadonlyMap<Id, ConstantChannels>,
): ConstantChannels {
  const { model } = program;
  const channels = lastOf(model, node.outputs[0]);
  const activations = node.inputs.filter((id) => !model.parameters.has(id));
  const constantIn = (id: Id, c: number) => known.get(id)?.get(lastOf(model, id) === 1 ? 0 : c);
  const candidates = Array.from({ length: channels }, (_, c) => c).filter((c) =>
    activations.every((id) => constantIn(id, c) !== undefined),
  );
  if (candidates.length === 0 || typeOf(model, node.outputs[0]).dtype !== 'int8') return new Map();
  const operands = new Map(
    activations.map((id) => {
      const own = lastOf(model, id);
      const size = sizeOf(concrete(typeOf(model, id).shape));
      return [id, Int8Array.from({ length: size }, (_, i) => known.get(id)?.get(i % own) ?? 0)] as const;
    }),
  );
  const [output] = program.runNode(node, operands);
  const result = new Map<number, number>();
  for (const c of candidates) {
    let same = true;
    for (let i = c; i < output.length; i += channels) same &&= output[i] === output[c];
    if (same) result.set(c, Number(output[c]));
  }
  return result;
}

/** Ops that only move bytes; others have no constants. */
const movers: ReadonlySet<string> = new Set(['flatten', 'reshape', 'concat']);

function lastOf(model: Model, id: Id): number {
  const { shape } = typeOf(model, id);
  return shape.length === 0 ? 1 : concrete(shape)[shape.length - 1];
}
