import type { OpDefinition } from '@whittle/core';
import { unaryTable } from '@whittle/int8';
import type { ClampRange } from '@whittle/int8';
import { input, integer, output, table } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, elements } from '../../lowerings/kernel-call.js';
import type { KernelVariant } from '../variant.js';

/** The clamp of a fused activation on the output in place; nothing where saturation to int8 does it already. */
export function mveClampCalls({ min, max }: ClampRange, node: Pick<KernelNode, 'outputs'>): KernelCall[] {
  if (min <= -128 && max >= 127) return [];
  return [clampCall(min, max, elements(node.outputs[0]), output(0))];
}

/** Any op of one int8 operand: a table of its 256 values, or a clamp where it is no more than that. */
export function mveUnary(op: Pick<OpDefinition, 'name'>): KernelVariant<object> {
  return (node): KernelPlan => {
    const values = unaryTable(op, node);
    const count = elements(node.outputs[0]);
    const [min, max] = [values[0], values[255]];
    const clamps = values.every((value, i) => value === Math.min(Math.max(i - 128, min), max));
    const lookup = call('whittle_lookup_s8_mve', table('table', values), integer(count), input(0), output(0));
    return {
      calls: [clamps ? clampCall(min, max, count) : lookup],
      inPlace: [{ input: 0, output: 0 }],
    };
  };
}

function clampCall(min: number, max: number, count: number, from = input(0)): KernelCall {
  return call('whittle_clamp_s8_mve', integer(min), integer(max), integer(count), from, output(0));
}
