import type { DenseAttributes } from '@whittle/core';
import { densePlan } from '@whittle/int8';
import { input, output, struct, weights } from '@whittle/kernel-api';
import type { KernelCall, KernelNode, KernelPlan, KernelSource } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';
import { callsOf } from '../counterparts.js';
import { linearScaling } from '../linear-scaling.js';
import type { LinearScaling } from '../linear-scaling.js';

const kernel: KernelSource = {
  name: 'whittle_fully_connected_s8_mve',
  folder: kernelFolder,
  file: 'whittle_fully_connected_s8_mve.S',
};

export function mveDense(node: KernelNode<DenseAttributes>): KernelPlan | undefined {
  const plan = densePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.weightZeroPoint !== 0) return undefined;
  const filters = Array.from({ length: plan.outputs }, (_, o) =>
    Int8Array.from({ length: plan.inputs }, (_, i) => data[i * plan.outputs + o]),
  );
  checkAccumulators(
    node,
    filters.map((each, o) => ({ weights: each, bias: bias?.[o] ?? 0 })),
    plan.inputZeroPoint,
  );
  const scaling = linearScaling(plan, filters, bias);
  if (!scaling) return undefined;
  return {
    calls: [
      denseCall({ batches: plan.rows, filters, scaling, outputZeroPoint: plan.outputZeroPoint }),
      ...callsOf('mve', clampCalls(plan.clamp, elements(node.outputs[0]))),
    ],
  };
}

interface DenseRows {
  readonly batches: number;
  /** A row of weights for each output. */
  readonly filters: readonly Int8Array[];
  readonly scaling: LinearScaling;
  readonly outputZeroPoint: number;
}

/** The call that multiplies rows of inputs with rows of weights. */
export function denseCall({ batches, filters, scaling, outputZeroPoint }: DenseRows): KernelCall {
  const { multipliers, shifts } = scaling;
  const shared = multipliers.every((m, o) => m === multipliers[0] && shifts[o] === shifts[0]);
  const params = struct('whittle_fully_connected_s8_mve_params', {
    batches,
    inputs: filters[0].length,
    outputs: filters.length,
    channel_step: shared ? 0 : 1,
    multiplier: multipliers[0],
    shift: -shifts[0],
    output_zero_point: outputZeroPoint,
  });
  const stream = weights('weights', denseStream(filters, scaling, shared));
  return { kernel, arguments: [params, input(0), stream, output(0)] };
}

/** Of eight outputs, in which order their constants lie. */
const CONSTANTS_ORDER = [0, 2, 4, 6, 1, 3, 5, 7];

/** Weights and constants in the order in which the kernel reads them. */
function denseStream(filters: readonly Int8Array[], scaling: LinearScaling, shared: boolean): Int8Array {
  const { biases, multipliers, shifts } = scaling;
  const bytes: number[] = [];
  const words = (values: readonly number[]) => bytes.push(...new Int8Array(Int32Array.from(values).buffer));
  let first = 0;
  for (; first + 8 <= filters.length; first += 8) {
    const rows = filters.slice(first, first + 8);
    for (let at = 0; at < rows[0].length; at += 16)
      for (const row of rows) bytes.push(...row.subarray(at, at + 16));
    const outputs = CONSTANTS_ORDER.map((o) => first + o);
    words(outputs.map((o) => biases[o]));
    if (shared) continue;
    words(outputs.map((o) => multipliers[o]));
    bytes.push(...outputs.map((o) => -shifts[o]));
  }
  for (; first < filters.length; first++) {
    bytes.push(...filters[first]);
    while (bytes.length % 4 > 0) bytes.push(0);
    words(shared ? [biases[first]] : [biases[first], multipliers[first], -shifts[first]]);
  }
  return Int8Array.from(bytes);
}
