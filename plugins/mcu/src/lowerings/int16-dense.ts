import type { DenseAttributes, TypedArray } from '@whittle/core';
import type { DensePlan } from '@whittle/int8';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkSums, dotRows, int16Call, wideField } from './int16-layer.js';

/** FULLY_CONNECTED of int16, its weights brought to [outputs, inputs]. The input's zero point is taken into the bias. */
export function lowerInt16Dense(
  node: KernelNode<DenseAttributes>,
  plan: DensePlan,
  rows: Int8Array,
): KernelPlan {
  const bias = node.constants[2]?.data;
  checkSums(node, plan, plan.inputs, bias);
  const params = {
    batches: plan.rows,
    inputs: plan.inputs,
    outputs: plan.outputs,
    ...wideField(plan),
    weight_zero_point: plan.weightZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  };
  return {
    calls: [
      int16Call('whittle_fully_connected_s16', {
        params,
        filters: dotRows(rows, plan.inputs),
        bias: plan.inputZeroPoint === 0 ? bias : offsetBias(rows, bias, plan),
        plan,
      }),
    ],
  };
}

/** The bias, less the input's zero point times the sum of each output's weights. */
function offsetBias(rows: Int8Array, bias: TypedArray | undefined, plan: DensePlan): BigInt64Array {
  const { inputs, inputZeroPoint, weightZeroPoint } = plan;
  return BigInt64Array.from({ length: plan.outputs }, (_, o) => {
    let sum = 0;
    for (const weight of rows.subarray(o * inputs, (o + 1) * inputs)) sum += weight - weightZeroPoint;
    return BigInt(bias?.[o] ?? 0) - BigInt(inputZeroPoint * sum);
  });
}
