import type { OpDefinition } from '@whittle/core';
import { l2NormalizationPlan, logSoftmaxPlan, softmaxPlan, unaryTable } from '@whittle/int8';
import type { ClampRange } from '@whittle/int8';
import { input, integer, output, struct, table } from '@whittle/kernel-api';
import type { KernelLowering, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { lowerSoftmaxInt16, unaryInt16 } from './activation-int16.js';
import { call, clampCall, elements } from './kernel-call.js';

const inPlace = [{ input: 0, output: 0 }];

/**
 * Any op of one operand. Of int8: a table of its 256 values, or a clamp where it is no more than that; of int16 a kernel of
 * its own.
 */
export function lowerUnary(op: Pick<OpDefinition, 'name'>): KernelLowering<object> {
  const int16Calls = unaryInt16(op.name);
  return (node) => {
    if (int16Calls && node.inputs[0].dtype === 'int16') return { calls: int16Calls(node), inPlace };
    const values = unaryTable(op, node);
    const count = elements(node.outputs[0]);
    const clamp = asClamp(values);
    return {
      calls: [
        clamp
          ? clampCall(clamp, count)
          : call('whittle_lookup_s8', table('table', values), integer(count), input(0), output(0)),
      ],
      inPlace,
    };
  };
}

function asClamp(values: Int8Array): ClampRange | undefined {
  const min = values[0];
  const max = values[255];
  return values.every((value, i) => value === Math.min(Math.max(i - 128, min), max))
    ? { min, max }
    : undefined;
}

export function lowerSoftmax(node: KernelNode<{ readonly beta: number }>): KernelPlan {
  if (node.inputs[0].dtype === 'int16') return lowerSoftmaxInt16(node);
  const { rows, depth, multiplier, shift, radius } = softmaxPlan(node);
  const params = struct('whittle_softmax_s8_params', { rows, depth, multiplier, shift, radius });
  return { calls: [call('whittle_softmax_s8', params, input(0), output(0))], inPlace };
}

export function lowerLogSoftmax(node: KernelNode<object>): KernelPlan {
  const { rows, depth, multiplier, shift, inverse, radius } = logSoftmaxPlan(node);
  const params = struct('whittle_log_softmax_s8_params', {
    rows,
    depth,
    multiplier,
    shift,
    inverse_multiplier: inverse.multiplier,
    inverse_shift: inverse.shift,
    radius,
  });
  return { calls: [call('whittle_log_softmax_s8', params, input(0), output(0))], inPlace };
}

export function lowerL2Normalize(node: KernelNode<object>): KernelPlan {
  const { rows, depth, inputZeroPoint } = l2NormalizationPlan(node);
  const sizes = [rows, depth, inputZeroPoint].map(integer);
  return { calls: [call('whittle_l2_normalize_s8', ...sizes, input(0), output(0))], inPlace };
}
