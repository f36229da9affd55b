import { dense, unsupported } from '@whittle/core';
import type { DenseAttributes } from '@whittle/core';
import { densePlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from './accumulator-bound.js';
import type { Filter } from './accumulator-bound.js';
import { channelConstants } from './channel-constants.js';
import { lowerInt16Dense } from './int16-dense.js';
import { linearCalls } from './linear-layer.js';
import { outputRows } from './output-rows.js';

export function lowerDense(node: KernelNode<DenseAttributes>): KernelPlan {
  const plan = densePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias)) throw unsupported('kernel', dense, node);
  const filters = outputRows(data, plan.outputs).map((weights, o): Filter => ({
    weights,
    bias: bias?.[o] ?? 0,
  }));
  const rows = new Int8Array(data.length);
  filters.forEach((filter, o) => rows.set(filter.weights, o * plan.inputs));
  if (node.inputs[0].dtype === 'int16') return lowerInt16Dense(node, plan, rows);
  checkAccumulators(node, filters, plan.inputZeroPoint, plan.weightZeroPoint);
  const constants = channelConstants(plan);
  const params = {
    batches: plan.rows,
    inputs: plan.inputs,
    outputs: plan.outputs,
    channel_step: constants.step,
    input_zero_point: plan.inputZeroPoint,
    weight_zero_point: plan.weightZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  };
  const layer = { params, filters: rows, bias, constants, clamp: plan.clamp };
  return {
    calls: linearCalls(node, 'whittle_fully_connected_s8', layer),
    scratchBytes: 2 * plan.inputs,
    // A row is widened as a whole before any of its outputs is written.
    overlap: plan.rows === 1 ? [{ input: 0, output: 0, distance: 0 }] : [],
  };
}
