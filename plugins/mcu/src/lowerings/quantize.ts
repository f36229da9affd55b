import { dequantizePlan, quantizePlan } from '@whittle/int8';
import { float, input, integer, output, struct } from '@whittle/kernel-api';
import type { KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, elements } from './kernel-call.js';

export function lowerQuantize(node: KernelNode): KernelPlan {
  const plan = quantizePlan(node);
  const count = integer(elements(node.outputs[0]));
  if (plan.from === 'float32') {
    const { scale, zeroPoint } = plan;
    return {
      calls: [call('whittle_quantize_f32_s8', float(scale), integer(zeroPoint), count, input(0), output(0))],
    };
  }
  const params = struct('whittle_requantize_s8_params', {
    multiplier: plan.multiplier,
    shift: plan.shift,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  return {
    calls: [call('whittle_requantize_s8', params, count, input(0), output(0))],
    inPlace: [{ input: 0, output: 0 }],
  };
}

export function lowerDequantize(node: KernelNode): KernelPlan {
  const { scale, zeroPoint } = dequantizePlan(node);
  const count = integer(elements(node.outputs[0]));
  return {
    calls: [call('whittle_dequantize_s8_f32', float(scale), integer(zeroPoint), count, input(0), output(0))],
  };
}
