import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { broadcastArgument, isWhole } from '../../lowerings/broadcast.js';
import { call, clampCalls, elements } from '../../lowerings/kernel-call.js';
import { callsOf } from '../counterparts.js';

type BinaryNode = KernelNode<BinaryAttributes>;

export function mveAdd(node: BinaryNode): KernelPlan {
  return lowerSum(node, addPlan(node));
}

export function mveSub(node: BinaryNode): KernelPlan {
  return lowerSum(node, subPlan(node));
}

/** The multiplier 1/2, which the operand of larger scale has. */
const HALF = 2 ** 30;

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan {
  const aIsWide = plan.a.multiplier === HALF && plan.a.shift === 0;
  const [wide, narrow] = aIsWide ? [plan.a, plan.b] : [plan.b, plan.a];
  const [wideIndex, narrowIndex] = aIsWide ? [0, 1] : [1, 0];
  const signs = [1, plan.sign];
  const params = struct('whittle_add_s8_mve_params', {
    wide_factor: signs[wideIndex] * 2 ** (plan.lift - 1),
    narrow_factor: signs[narrowIndex],
    narrow_multiplier: narrow.multiplier,
    narrow_shift: narrow.shift,
    wide_zero_point: wide.zeroPoint,
    narrow_zero_point: narrow.zeroPoint,
    output_zero_point: plan.output.zeroPoint,
    output_multiplier: plan.output.multiplier,
    output_shift: plan.output.shift,
  });
  const shape = broadcastArgument(node, node.inputs[wideIndex], node.inputs[narrowIndex]);
  const operands = [wideIndex, narrowIndex].map((index) => operand(node, index, 'operand'));
  return {
    calls: [
      call('whittle_add_s8_mve', params, shape, ...operands, output(0)),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
    inPlace: node.inputs.flatMap((type, input) =>
      !node.constants[input] && isWhole(type, node.outputs[0]) ? [{ input, output: 0 }] : [],
    ),
  };
}
