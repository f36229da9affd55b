import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { isWhole } from '../../lowerings/broadcast.js';
import { wideAndNarrow } from '../../lowerings/elementwise.js';
import { clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';
import { linearSum } from '../linear-sum.js';
import type { LinearSum } from '../linear-sum.js';

type BinaryNode = KernelNode<BinaryAttributes>;

export function dspAdd(node: BinaryNode): KernelPlan | undefined {
  return dspSum(node, addPlan(node));
}

export function dspSub(node: BinaryNode): KernelPlan | undefined {
  return dspSum(node, subPlan(node));
}

/** A sum without broadcasting that is a linear function, or else has the short form of whittle_requantize.h. */
function dspSum(node: BinaryNode, plan: AddPlan): KernelPlan | undefined {
  if (!node.inputs.every((type) => isWhole(type, node.outputs[0]))) return undefined;
  const count = elements(node.outputs[0]);
  const linear = linearSum(plan);
  const call = linear ? linearCall(node, linear, count) : exactCall(node, plan, count);
  return (
    call && {
      calls: [call, ...clampCalls(plan.clamp, count)],
      inPlace: [0, 1].filter((input) => !node.constants[input]).map((input) => ({ input, output: 0 })),
    }
  );
}

function linearCall(node: BinaryNode, { aFactor, bFactor, offset }: LinearSum, count: number): KernelCall {
  const name = 'whittle_linear_sum_s8_dsp';
  const params = struct(`${name}_params`, { a_factor: aFactor, b_factor: bFactor, offset, count });
  return {
    kernel: { name, folder: kernelFolder, file: `${name}.S` },
    arguments: [params, operand(node, 0, 'operand'), operand(node, 1, 'operand'), output(0)],
  };
}

/** With all the roundings of TFLM's. */
function exactCall(node: BinaryNode, plan: AddPlan, count: number): KernelCall | undefined {
  const { multiplier, shift, zeroPoint } = plan.output;
  if (shift < -22 || shift > -1) return undefined;
  const [wide, narrow] = wideAndNarrow(plan);
  const params = struct('whittle_add_s8_dsp_params', {
    narrow_multiplier: narrow.multiplier,
    output_multiplier: multiplier,
    nudge: half(-shift) + zeroPoint * 2 ** -shift,
    wide_zero: -wide.zeroPoint,
    narrow_zero: -narrow.zeroPoint,
    narrow_half: half(narrow.right),
    count,
  });
  const macros = {
    NARROW_SHIFT: narrow.right,
    OUTPUT_SHIFT: -shift,
    SIGNED: Number(zeroPoint !== -128),
    COMBINE: wide.sign === -1 ? 2 : narrow.sign === -1 ? 1 : 0,
  };
  const kernel = {
    name: `whittle_add_s8_dsp_${Object.values(macros).join('_')}`,
    folder: kernelFolder,
    instance: { template: 'whittle_add_s8_dsp.S.inc', header: 'whittle_add_s8_dsp.h.inc', macros },
  };
  const operands = [operand(node, wide.index, 'operand'), operand(node, narrow.index, 'operand')];
  return { kernel, arguments: [params, ...operands, output(0)] };
}

function half(shift: number): number {
  return Math.floor(2 ** (shift - 1));
}
