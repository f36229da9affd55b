import type { BinaryAttributes } from '@whittle/core';
import {
  addPlan,
  checkExtremum,
  divPlan,
  mulPlan,
  preluPlan,
  squaredDifferencePlan,
  subPlan,
} from '@whittle/int8';
import type { AddPlan, ClampRange } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { broadcastArgument, isWhole } from './broadcast.js';
import { call, clampCalls, dtypeOf, elements, suffixOf } from './kernel-call.js';

type BinaryNode = KernelNode<BinaryAttributes>;

export function lowerAdd(node: BinaryNode): KernelPlan {
  return lowerSum(node, addPlan(node));
}

export function lowerSub(node: BinaryNode): KernelPlan {
  return lowerSum(node, subPlan(node));
}

/** The multiplier 1/2, which the operand of larger scale has. */
const HALF = 2 ** 30;

/** An operand of a sum with its index and sign. */
export interface SumOperand {
  readonly index: 0 | 1;
  readonly sign: 1 | -1;
  readonly multiplier: number;
  /** Right shift of the multiplier. */
  readonly right: number;
  readonly zeroPoint: number;
}

/** The operand of larger scale, either if they are equal, and the other one. */
export function wideAndNarrow(plan: AddPlan): readonly [wide: SumOperand, narrow: SumOperand] {
  const of = (index: 0 | 1): SumOperand => {
    const { multiplier, shift, zeroPoint } = index === 0 ? plan.a : plan.b;
    // A vanished multiplier has no shift; any rounds its 0 to 0.
    const right = multiplier === 0 ? 1 : -shift;
    return { index, sign: index === 0 ? 1 : plan.sign, multiplier, right, zeroPoint };
  };
  return plan.a.multiplier === HALF && plan.a.shift === 0 ? [of(0), of(1)] : [of(1), of(0)];
}

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan {
  if (node.outputs[0].dtype === 'int16') return lowerSumInt16(node, plan);
  const [wide, narrow] = wideAndNarrow(plan);
  const params = struct('whittle_add_s8_params', {
    wide_factor: wide.sign * 2 ** plan.lift,
    narrow_factor: narrow.sign * 2,
    narrow_multiplier: narrow.multiplier,
    narrow_right: narrow.right,
    wide_zero_point: wide.zeroPoint,
    narrow_zero_point: narrow.zeroPoint,
    output_zero_point: plan.output.zeroPoint,
    output_multiplier: plan.output.multiplier,
    output_shift: plan.output.shift,
  });
  const sum = call(
    'whittle_add_s8',
    params,
    broadcastArgument(node, node.inputs[wide.index], node.inputs[narrow.index]),
    operand(node, wide.index, 'operand'),
    operand(node, narrow.index, 'operand'),
    output(0),
  );
  return clamped(node, sum, plan.clamp);
}

function lowerSumInt16(node: BinaryNode, plan: AddPlan): KernelPlan {
  const { sign, clamp } = plan;
  const params = struct('whittle_add_s16_params', { ...rescaledPair(plan), subtract: Number(sign < 0) });
  return clamped(node, call('whittle_add_s16', params, ...operands(node)), clamp);
}

export function lowerMul(node: BinaryNode): KernelPlan {
  const plan = mulPlan(node);
  const { multiplier, shift, clamp } = plan;
  if (node.outputs[0].dtype === 'int16') {
    const params = struct('whittle_mul_s16_params', { multiplier, shift });
    return clamped(node, call('whittle_mul_s16', params, ...operands(node)), clamp);
  }
  const params = struct('whittle_mul_s8_params', rescaledResult(plan));
  return clamped(node, call('whittle_mul_s8', params, ...operands(node)), clamp);
}

export function lowerDiv(node: BinaryNode): KernelPlan {
  const plan = divPlan(node);
  const params = struct('whittle_div_s8_params', rescaledResult(plan));
  return clamped(node, call('whittle_div_s8', params, ...operands(node)), plan.clamp);
}

export function lowerSquaredDifference(node: BinaryNode): KernelPlan {
  const params = struct('whittle_squared_difference_s8_params', rescaledPair(squaredDifferencePlan(node)));
  const kernel = `whittle_squared_difference_${suffixOf(node.outputs[0])}`;
  return { calls: [call(kernel, params, ...operands(node))], inPlace: inPlace(node) };
}

/** Parameters of a kernel that brings both operands to one scale, and its result to the output's. */
function rescaledPair({ a, b, output: result }: Pick<AddPlan, 'a' | 'b' | 'output'>) {
  return {
    a_multiplier: a.multiplier,
    a_shift: a.shift,
    b_multiplier: b.multiplier,
    b_shift: b.shift,
    output_multiplier: result.multiplier,
    output_shift: result.shift,
    a_zero_point: a.zeroPoint,
    b_zero_point: b.zeroPoint,
    output_zero_point: result.zeroPoint,
  };
}

/** Parameters of a kernel that computes with the operands as they are, and rescales the result. */
function rescaledResult(plan: Omit<ReturnType<typeof mulPlan>, 'clamp'>) {
  return {
    multiplier: plan.multiplier,
    shift: plan.shift,
    a_zero_point: plan.aZeroPoint,
    b_zero_point: plan.bZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  };
}

/** A call whose result the fused activation bounds. */
function clamped(node: BinaryNode, first: KernelCall, clamp: ClampRange): KernelPlan {
  const [type] = node.outputs;
  return { calls: [first, ...clampCalls(clamp, elements(type), dtypeOf(type))], inPlace: inPlace(node) };
}

export function lowerPrelu(node: KernelNode<object>): KernelPlan {
  const { positive, negative, inputZeroPoint, alphaZeroPoint, outputZeroPoint } = preluPlan(node);
  const params = struct('whittle_prelu_s8_params', {
    positive_multiplier: positive.multiplier,
    positive_shift: positive.shift,
    negative_multiplier: negative.multiplier,
    negative_shift: negative.shift,
    input_zero_point: inputZeroPoint,
    alpha_zero_point: alphaZeroPoint,
    output_zero_point: outputZeroPoint,
  });
  const kernel = `whittle_prelu_${suffixOf(node.outputs[0])}`;
  return { calls: [call(kernel, params, ...operands(node))], inPlace: inPlace(node).slice(0, 1) };
}

export function lowerMaximum(node: BinaryNode): KernelPlan {
  return lowerExtremum(node, 'whittle_maximum');
}

export function lowerMinimum(node: BinaryNode): KernelPlan {
  return lowerExtremum(node, 'whittle_minimum');
}

function lowerExtremum(node: BinaryNode, kernel: string): KernelPlan {
  checkExtremum(node);
  const name = `${kernel}_${suffixOf(node.outputs[0])}`;
  return { calls: [call(name, ...operands(node))], inPlace: inPlace(node) };
}

function operands(node: KernelNode<unknown>) {
  const shape = broadcastArgument(node, node.inputs[0], node.inputs[1]);
  return [shape, operand(node, 0, 'operand'), operand(node, 1, 'operand'), output(0)];
}

function inPlace(node: KernelNode<unknown>) {
  return node.inputs.flatMap((type, input) =>
    !node.constants[input] && isWhole(type, node.outputs[0]) ? [{ input, output: 0 }] : [],
  );
}
