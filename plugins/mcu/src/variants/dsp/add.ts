import type { BinaryAttributes } from '@whittle/core';
import { addPlan, subPlan } from '@whittle/int8';
import type { AddPlan, LiftedOperand } from '@whittle/int8';
import { operand, output, scratch, struct } from '@whittle/kernel-api';
import type { KernelCall, KernelContext, KernelNode, KernelPlan, KernelSource } from '@whittle/kernel-api';
import { isWhole } from '../../lowerings/broadcast.js';
import { wideAndNarrow } from '../../lowerings/elementwise.js';
import { clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';

type BinaryNode = KernelNode<BinaryAttributes>;

/** Elements from which making a table takes less time than it saves. */
const TABLE_ELEMENTS = 1024;
const TABLE_BYTES = 1024;

export function dspAdd(node: BinaryNode, context: KernelContext): KernelPlan | undefined {
  return dspSum(node, addPlan(node), context);
}

export function dspSub(node: BinaryNode, context: KernelContext): KernelPlan | undefined {
  return dspSum(node, subPlan(node), context);
}

/** A sum without broadcasting whose output has the short form of whittle_requantize.h. */
function dspSum(node: BinaryNode, plan: AddPlan, { optimize }: KernelContext): KernelPlan | undefined {
  const { shift } = plan.output;
  const whole = node.inputs.every((type) => isWhole(type, node.outputs[0]));
  if (shift < -22 || shift > -1 || !whole) return undefined;
  const count = elements(node.outputs[0]);
  const byTable = optimize === 'speed' && count >= TABLE_ELEMENTS;
  return {
    calls: [
      byTable ? tableCall(node, plan, count) : directCall(node, plan, count),
      ...clampCalls(plan.clamp, count),
    ],
    scratchBytes: byTable ? TABLE_BYTES : 0,
    inPlace: [0, 1].filter((input) => !node.constants[input]).map((input) => ({ input, output: 0 })),
  };
}

function directCall(node: BinaryNode, plan: AddPlan, count: number): KernelCall {
  const [wide, narrow] = wideAndNarrow(plan);
  const params = struct('whittle_add_s8_dsp_params', {
    narrow_multiplier: narrow.multiplier,
    output_multiplier: plan.output.multiplier,
    nudge: nudgeOf(plan.output),
    wide_zero: -wide.zeroPoint,
    narrow_zero: -narrow.zeroPoint,
    narrow_half: half(narrow.right),
    count,
  });
  const kernel = instance('whittle_add_s8_dsp', {
    NARROW_SHIFT: narrow.right,
    OUTPUT_SHIFT: -plan.output.shift,
    SIGNED: signed(plan.output),
    COMBINE: wide.sign === -1 ? 2 : narrow.sign === -1 ? 1 : 0,
  });
  const operands = [operand(node, wide.index, 'operand'), operand(node, narrow.index, 'operand')];
  return { kernel, arguments: [params, ...operands, output(0)] };
}

function tableCall(node: BinaryNode, plan: AddPlan, count: number): KernelCall {
  const [wide, narrow] = wideAndNarrow(plan);
  const params = struct('whittle_add_table_s8_dsp_params', {
    narrow_multiplier: narrow.multiplier,
    narrow_least: (-128 - narrow.zeroPoint) * 2 ** 21,
    narrow_sign: narrow.right > 0 ? -1 : 0,
    narrow_half: half(narrow.right),
    narrow_shift: narrow.right,
    narrow_factor: 2 * narrow.sign,
    base: -wide.sign * wide.zeroPoint * 2 ** plan.lift,
    count,
    output_multiplier: plan.output.multiplier,
    nudge: nudgeOf(plan.output),
  });
  const kernel = instance('whittle_add_table_s8_dsp', {
    OUTPUT_SHIFT: -plan.output.shift,
    SIGNED: signed(plan.output),
    WIDE_MINUS: Number(wide.sign === -1),
  });
  const operands = [operand(node, wide.index, 'operand'), operand(node, narrow.index, 'operand')];
  return { kernel, arguments: [params, ...operands, scratch, output(0)] };
}

/** The instance of a template, named after its macros. */
function instance(template: string, macros: Readonly<Record<string, number>>): KernelSource {
  return {
    name: `${template}_${Object.values(macros).join('_')}`,
    folder: kernelFolder,
    instance: { template: `${template}.S.inc`, header: `${template}.h.inc`, macros },
  };
}

function signed({ zeroPoint }: LiftedOperand): number {
  return Number(zeroPoint !== -128);
}

function nudgeOf({ shift, zeroPoint }: LiftedOperand): number {
  return half(-shift) + zeroPoint * 2 ** -shift;
}

function half(shift: number): number {
  return Math.floor(2 ** (shift - 1));
}
