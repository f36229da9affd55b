import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { wideAndNarrow } from '../../lowerings/elementwise.js';
import { isWhole } from '../../lowerings/broadcast.js';
import { call, elements } from '../../lowerings/kernel-call.js';
import { linearSum } from '../linear-sum.js';
import { clampFields } from './clamp-fields.js';

type BinaryNode = KernelNode<BinaryAttributes>;

/** A sum of two tensors of one shape that is a linear function, or has the form of the exact kernel. */
export function neonAdd(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, addPlan(node));
}

/** A difference of the same; the exact kernel subtracts the one of larger scale. */
export function neonSub(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, subPlan(node));
}

/** The lift that the exact kernel is made for. */
const LIFT = 20;

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan | undefined {
  if (!node.inputs.every((type) => isWhole(type, node.outputs[0]))) return undefined;
  const found = linearCall(node, plan) ?? exactCall(node, plan);
  return (
    found && {
      calls: [found],
      inPlace: node.inputs.flatMap((_, input) => (node.constants[input] ? [] : [{ input, output: 0 }])),
    }
  );
}

/** The sum as a linear function, where one gives the same for every pair of values. */
function linearCall(node: BinaryNode, plan: AddPlan): KernelCall | undefined {
  const linear = linearSum(plan);
  if (!linear) return undefined;
  const name = 'whittle_linear_sum_s8_neon';
  const params = struct(`${name}_params`, {
    a_factor: linear.aFactor,
    b_factor: linear.bFactor,
    offset: linear.offset,
    count: elements(node.outputs[0]),
    ...clampFields(plan),
  });
  return call(name, params, operand(node, 0, 'operand'), operand(node, 1, 'operand'), output(0));
}

/** With all the roundings of TFLM's. */
function exactCall(node: BinaryNode, plan: AddPlan): KernelCall | undefined {
  const [wide, narrow] = wideAndNarrow(plan);
  const { multiplier, shift } = plan.output;
  if (plan.lift !== LIFT || narrow.sign < 0 || shift < -31 || shift > -1) return undefined;
  const params = struct('whittle_add_s8_neon_params', {
    count: elements(node.outputs[0]),
    wide_zero_point: wide.zeroPoint,
    narrow_zero_point: narrow.zeroPoint,
    output_zero_point: plan.output.zeroPoint,
    wide_factor: wide.sign * 2 ** 14,
    narrow_lift: narrow.right === 0 ? 6 : 5,
    narrow_shift: -Math.max(narrow.right, 1),
    narrow_multiplier: narrow.multiplier,
    output_multiplier: multiplier,
    output_shift: shift,
    ...clampFields(plan),
  });
  const operands = [wide, narrow].map(({ index }) => operand(node, index, 'operand'));
  return call('whittle_add_s8_neon', params, ...operands, output(0));
}
