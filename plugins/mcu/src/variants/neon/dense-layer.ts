import type { DenseAttributes } from '@whittle/core';
import { densePlan } from '@whittle/int8';
import { input, output, struct, weights } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { kernelFolder } from '../../lowerings/kernel-call.js';
import { linearScaling } from '../linear-scaling.js';
import { clampFields } from './clamp-fields.js';
import { holdsProducts, packRuns, paddedBytes, PADDING } from './conv-stream.js';
import type { StreamLayout } from './conv-stream.js';

/** A dense layer by an assembly kernel that reads a stream of this layout, or undefined where it doesn't cover it. */
export function denseLayer(
  node: KernelNode<DenseAttributes>,
  name: string,
  layout: StreamLayout,
): KernelPlan | undefined {
  const plan = densePlan(node);
  const { inputs, outputs } = plan;
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.weightZeroPoint !== 0) return undefined;
  const padding = outputs * (paddedBytes(inputs, layout) - inputs);
  if (padding > Math.max(PADDING, 0.04 * inputs * outputs)) return undefined;
  const filters = Array.from({ length: outputs }, (_, o) =>
    Int8Array.from({ length: inputs }, (_, i) => data[i * outputs + o]),
  );
  if (!filters.every((each) => holdsProducts(each, inputs, layout))) return undefined;
  const withBiases = filters.map((each, o) => ({ weights: each, bias: bias?.[o] ?? 0 }));
  checkAccumulators(node, withBiases, plan.inputZeroPoint);
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  const { multipliers, shifts } = scaling;
  const shared = multipliers.every((m, o) => m === multipliers[0] && shifts[o] === shifts[0]);
  const params = struct('whittle_fully_connected_neon_params', {
    batches: plan.rows,
    inputs,
    outputs,
    shared: Number(shared),
    multiplier: multipliers[0],
    shift: -shifts[0],
    output_zero_point: plan.outputZeroPoint,
    ...clampFields(plan),
  });
  const stream = weights('weights', packRuns(filters, scaling, inputs, layout, shared));
  const kernel = { name, folder: kernelFolder, file: `${name}.S` };
  return { calls: [{ kernel, arguments: [params, input(0), stream, output(0)] }] };
}
