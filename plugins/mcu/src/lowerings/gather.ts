import { bitsOf } from '@whittle/core';
import type { GatherAttributes } from '@whittle/core';
import { gatherPlan } from '@whittle/int8';
import { operand, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call } from './kernel-call.js';

/** Entries of a table, or of a computed value, by indices of either kind. */
export function lowerGather(node: KernelNode<GatherAttributes>): KernelPlan {
  const { outer, entries, inner, count } = gatherPlan(node);
  const chunk = (inner * bitsOf(node.outputs[0].dtype)) / 8;
  const params = struct('whittle_gather_params', { outer, entries, chunk, count });
  const operands = [operand(node, 0, 'entries'), operand(node, 1, 'indices')];
  return { calls: [call('whittle_gather', params, ...operands, output(0))] };
}
