import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan, StructFields } from '@whittle/kernel-api';
import { broadcastArgument, isWhole } from '../../lowerings/broadcast.js';
import { call, clampCalls, elements } from '../../lowerings/kernel-call.js';

type BinaryNode = KernelNode<BinaryAttributes>;

const line = {
  kind: 'function',
  kernel: {
    name: 'whittle_add_line_s8_armv6m',
    folder: new URL('../../../kernels/', import.meta.url),
    file: 'whittle_add_line_s8_armv6m.S',
  },
} as const;

export function armv6mAdd(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, addPlan(node));
}

export function armv6mSub(node: BinaryNode): KernelPlan | undefined {
  return lowerSum(node, subPlan(node));
}

function lowerSum(node: BinaryNode, plan: AddPlan): KernelPlan | undefined {
  const terms = linearTerms(plan);
  if (!terms) return undefined;
  const params = struct('whittle_add_s8_armv6m_params', {
    ...terms,
    a_multiplier: plan.a.multiplier,
    b_multiplier: plan.b.multiplier,
    output_multiplier: plan.output.multiplier,
    a_shift: plan.a.shift,
    b_shift: plan.b.shift,
    output_shift: plan.output.shift,
    a_zero_point: plan.a.zeroPoint,
    b_zero_point: plan.b.zeroPoint,
    output_zero_point: plan.output.zeroPoint,
    sign: plan.sign,
  });
  const shape = broadcastArgument(node, node.inputs[0], node.inputs[1]);
  return {
    calls: [
      call(
        'whittle_add_s8_armv6m',
        params,
        shape,
        operand(node, 0, 'operand'),
        operand(node, 1, 'operand'),
        line,
        output(0),
      ),
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
    inPlace: node.inputs.flatMap((type, input) =>
      !node.constants[input] && isWhole(type, node.outputs[0]) ? [{ input, output: 0 }] : [],
    ),
  };
}

const ONE = 2 ** 20;

/** Units of the product of the output's factor that its rounding, and that of both operands, is off at the most. */
const ROUNDING = 3.5;
/** What integer factors are off at the most, for inputs down to -128, with a base that is rounded too. */
const FACTORS = 130;

/**
 * The output as a linear function of both inputs, in units of 2^-20, less than the exact one by what all roundings may take,
 * and how far its remainder is safe. Nothing where too little is, or it leaves 32 bits.
 */
function linearTerms({ a, b, output: result, sign }: AddPlan): StructFields | undefined {
  const factor = (operand: { multiplier: number; shift: number }) =>
    operand.multiplier * 2 ** (operand.shift - 31) * ONE * result.multiplier * 2 ** (result.shift - 31) * ONE;
  const aFactor = factor(a);
  const bFactor = sign * factor(b);
  const margin = Math.ceil(ROUNDING * ONE * 2 ** result.shift) + FACTORS;
  const base = (result.zeroPoint + 0.5) * ONE - aFactor * a.zeroPoint - bFactor * b.zeroPoint - margin;
  const reach = 128 * (Math.abs(aFactor) + Math.abs(bFactor) + 2) + Math.abs(base) + 1;
  if (reach >= 2 ** 31 || margin > ONE / 16) return undefined;
  return {
    'line.a_factor': nearest(aFactor),
    'line.b_factor': nearest(bFactor),
    'line.base': nearest(base),
    'line.safe': (ONE - 1 - 2 * margin) * 2 ** 12,
  };
}

function nearest(value: number): number {
  return Math.floor(value + 0.5);
}
