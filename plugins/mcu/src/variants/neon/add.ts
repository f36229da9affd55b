import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { wideAndNarrow } from '../../lowerings/elementwise.js';
import { isWhole } from '../../lowerings/broadcast.js';
import { call, elements } from '../../lowerings/kernel-call.js';
import { clampFields } from './clamp-fields.js';

type BinaryNode = KernelNode<BinaryAttributes>;

/** A sum of two tensors of one shape. */
export function neonAdd(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, addPlan(node));
}

/** A difference of the same where the subtracted one has the larger scale. */
export function neonSub(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, subPlan(node));
}

/** The lift that the kernel is made for. */
const LIFT = 20;

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan | undefined {
  const [wide, narrow] = wideAndNarrow(plan);
  const [result] = node.outputs;
  const { multiplier, shift } = plan.output;
  if (plan.lift !== LIFT || narrow.sign < 0 || shift < -31 || shift > -1) return undefined;
  if (!node.inputs.every((type) => isWhole(type, result))) return undefined;
  const params = struct('whittle_add_s8_neon_params', {
    count: elements(result),
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
  return {
    calls: [call('whittle_add_s8_neon', params, ...operands, output(0))],
    inPlace: node.inputs.flatMap((_, input) => (node.constants[input] ? [] : [{ input, output: 0 }])),
  };
}
