import type { BinaryAttributes } from '@whittle/core';
import { addPlan, checkExtremum, mulPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { broadcastArgument, isWhole } from './broadcast.js';
import { call, clampCalls, elements } from './kernel-call.js';

type BinaryNode = KernelNode<BinaryAttributes>;

export function lowerAdd(node: BinaryNode): KernelPlan {
  return lowerSum(node, addPlan(node));
}

export function lowerSub(node: BinaryNode): KernelPlan {
  return lowerSum(node, subPlan(node));
}

/** The multiplier 1/2, which the operand of larger scale has. */
const HALF = 2 ** 30;

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan {
  const aIsWide = plan.a.multiplier === HALF && plan.a.shift === 0;
  const [wide, narrow] = aIsWide ? [plan.a, plan.b] : [plan.b, plan.a];
  const [wideIndex, narrowIndex] = aIsWide ? [0, 1] : [1, 0];
  const signs = [1, plan.sign];
  const params = struct('whittle_add_s8_params', {
    wide_factor: signs[wideIndex] * 2 ** plan.lift,
    narrow_factor: signs[narrowIndex] * 2,
    narrow_multiplier: narrow.multiplier,
    // A vanished multiplier has no shift; any rounds its 0 to 0.
    narrow_right: narrow.multiplier === 0 ? 1 : -narrow.shift,
    wide_zero_point: wide.zeroPoint,
    narrow_zero_point: narrow.zeroPoint,
    output_zero_point: plan.output.zeroPoint,
    output_multiplier: plan.output.multiplier,
    output_shift: plan.output.shift,
  });
  return {
    calls: [
      call(
        'whittle_add_s8',
        params,
        broadcastArgument(node, node.inputs[wideIndex], node.inputs[narrowIndex]),
        operand(node, wideIndex, 'operand'),
        operand(node, narrowIndex, 'operand'),
        output(0),
      ),
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    inPlace: inPlace(node),
  };
}

export function lowerMul(node: BinaryNode): KernelPlan {
  const plan = mulPlan(node);
  const params = struct('whittle_mul_s8_params', {
    multiplier: plan.multiplier,
    shift: plan.shift,
    a_zero_point: plan.aZeroPoint,
    b_zero_point: plan.bZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  return {
    calls: [
      call('whittle_mul_s8', params, ...operands(node)),
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    inPlace: inPlace(node),
  };
}

export function lowerMaximum(node: BinaryNode): KernelPlan {
  return lowerExtremum(node, 'whittle_maximum_s8');
}

export function lowerMinimum(node: BinaryNode): KernelPlan {
  return lowerExtremum(node, 'whittle_minimum_s8');
}

function lowerExtremum(node: BinaryNode, kernel: string): KernelPlan {
  checkExtremum(node);
  return { calls: [call(kernel, ...operands(node))], inPlace: inPlace(node) };
}

function operands(node: BinaryNode) {
  const shape = broadcastArgument(node, node.inputs[0], node.inputs[1]);
  return [shape, operand(node, 0, 'operand'), operand(node, 1, 'operand'), output(0)];
}

function inPlace(node: BinaryNode) {
  return node.inputs.flatMap((type, input) =>
    !node.constants[input] && isWhole(type, node.outputs[0]) ? [{ input, output: 0 }] : [],
  );
}
