import type { DenseAttributes } from '@whittle/core';
import { densePlan } from '@whittle/int8';
import type { DensePlan } from '@whittle/int8';
import { input, output, struct, weights } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from '../../lowerings/accumulator-bound.js';
import { clampCalls, elements, kernelFolder } from '../../lowerings/kernel-call.js';
import { foldedBias, isShared, outputStage, reachOf } from './output-stage.js';
import type { Filter, OutputStage } from './output-stage.js';

const name = 'whittle_fully_connected_s8_dsp';
const kernel = { name, folder: kernelFolder, file: `${name}.S` };

/** Outputs that the kernel computes together. */
const GROUP = 4;

/**
 * A dense layer with symmetric weights whose sums fit 24 bits, of one row, or of several of whole words. Weights of -128
 * must not meet a negative one, as their common halfword wouldn't hold them.
 */
export function dspDense(node: KernelNode<DenseAttributes>): KernelPlan | undefined {
  const plan = densePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.weightZeroPoint !== 0) return undefined;
  if (plan.rows > 1 && plan.inputs % 4 !== 0) return undefined;
  const filters = Array.from({ length: plan.outputs }, (_, o): Filter => ({
    weights: Int8Array.from({ length: plan.inputs }, (_, i) => data[i * plan.outputs + o]),
    bias: bias?.[o] ?? 0,
  }));
  checkAccumulators(node, filters, plan.inputZeroPoint);
  const stage = outputStage(plan, filters);
  const packed = stage && packWeights(stage.filters, plan);
  if (!packed) return undefined;
  const shared = isShared(stage);
  const params = struct(`${name}_params`, {
    inputs: plan.inputs,
    outputs: plan.outputs,
    batches: plan.rows,
    group_step: shared ? 0 : 16,
    rounding: 2 * plan.outputZeroPoint + 1,
  });
  const count = shared ? GROUP : plan.outputs;
  const constants = [
    weights('weights', packed),
    weights('bias', packBias(stage.filters, plan)),
    weights('multipliers', packMultipliers(stage).slice(0, count)),
    weights('shifts', stage.shifts.slice(0, count)),
  ];
  return {
    calls: [
      { kernel, arguments: [params, input(0), ...constants, output(0)] },
      ...clampCalls(plan.clamp, elements(node.outputs[0])),
    ],
  };
}

/** 2 * multiplier - 2^32, for which SMMLAR of an accumulator with itself is the rounding doubling high product. */
function packMultipliers({ multipliers }: OutputStage): Int32Array {
  return multipliers.map((multiplier) => 2 * multiplier - 2 ** 32);
}

/** Weights as the kernel's header says, filled up to whole words; nothing where a pair of outputs leaves its halfwords or 24 bits. */
function packWeights(
  filters: readonly Filter[],
  { inputs, inputZeroPoint }: DensePlan,
): Int8Array | undefined {
  const bytes = new Int8Array(4 * Math.ceil((inputs * filters.length) / 4));
  const halves = new Int16Array(bytes.buffer);
  const grouped = filters.length - (filters.length % GROUP);
  let to = 0;
  for (let o = 0; o < grouped; o += 2) {
    const [least, largest] = reachOf(filters[o + 1], inputZeroPoint);
    if (least < -(2 ** 23) || largest >= 2 ** 23) return undefined;
  }
  for (let o = 0; o < grouped; o += GROUP)
    for (const columns of columnOrder(inputs))
      for (const pair of [o, o + 2])
        for (const column of columns) {
          const value = filters[pair].weights[column] + 256 * filters[pair + 1].weights[column];
          if (value < -32768 || value > 32767) return undefined;
          halves[to++] = value;
        }
  filters.slice(grouped).forEach((filter, row) => bytes.set(filter.weights, (grouped + row) * inputs));
  return bytes;
}

/** Columns that share words: by fours as SXTB16 takes four inputs apart, then one by one. */
function columnOrder(inputs: number): number[][] {
  const fours = inputs >> 2;
  return [
    ...Array.from({ length: fours }, (_, i) => [4 * i, 4 * i + 2, 4 * i + 1, 4 * i + 3]),
    ...Array.from({ length: inputs % 4 }, (_, i) => [4 * fours + i]),
  ];
}

function packBias(filters: readonly Filter[], { inputZeroPoint }: DensePlan): Int32Array {
  const bias = Int32Array.from(filters, (filter) => foldedBias(filter, inputZeroPoint));
  const grouped = bias.length - (bias.length % GROUP);
  for (let o = 0; o < grouped; o += 2) bias[o + 1] = bias[o] + 256 * bias[o + 1];
  return bias;
}
