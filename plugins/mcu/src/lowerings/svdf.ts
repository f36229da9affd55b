import { svdf, unsupported } from '@whittle/core';
import type { SvdfAttributes } from '@whittle/core';
import { svdfPlan } from '@whittle/int8';
import { input, output, scratch, struct, weights } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { checkAccumulators } from './accumulator-bound.js';
import { call } from './kernel-call.js';
import { outputRows } from './output-rows.js';

export function lowerSvdf(node: KernelNode<SvdfAttributes>): KernelPlan {
  const plan = svdfPlan(node);
  const [, features, time] = node.constants.map((constant) => constant?.data);
  const bias = node.constants[4]?.data as Int32Array | undefined;
  if (!features || !time || (node.inputs[4] && !bias)) throw unsupported('kernel', svdf, node);
  const rows = outputRows(features as Int8Array, plan.filters);
  checkAccumulators(
    node,
    rows.map((row) => ({ weights: row, bias: 0 })),
    plan.inputZeroPoint,
  );
  const params = struct('whittle_svdf_params', {
    batches: plan.batch,
    inputs: plan.inputs,
    units: plan.units,
    rank: plan.rank,
    memory: plan.memory,
    feature_multiplier: plan.feature.multiplier,
    feature_shift: plan.feature.shift,
    time_multiplier: plan.time.multiplier,
    time_shift: plan.time.shift,
    input_zero_point: plan.inputZeroPoint,
    state_zero_point: plan.stateZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const joined = new Int8Array(features.length);
  rows.forEach((row, f) => joined.set(row, f * plan.inputs));
  return {
    calls: [
      call(
        plan.stateType === 'int8' ? 'whittle_svdf_s8' : 'whittle_svdf_s8_s16',
        params,
        input(0),
        weights('features', joined),
        weights('time', time as Int8Array | Int16Array),
        weights('bias', bias),
        input(3),
        scratch,
        output(1),
        output(0),
      ),
    ],
    scratchBytes: 2 * plan.inputs,
    inPlace: [{ input: 3, output: 1 }],
    // The input is widened as a whole before any output is written.
    overlap: plan.batch === 1 ? [{ input: 0, output: 0, distance: 0 }] : [],
  };
}
