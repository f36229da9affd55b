import { dequantizePlan, quantizePlan } from '@whittle/int8';
import type { RequantizePlan } from '@whittle/int8';
import { float, input, integer, output } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { rescaleParams } from './activation-int16.js';
import { call, elements, suffixOf } from './kernel-call.js';

export function lowerQuantize(node: KernelNode): KernelPlan {
  const plan = quantizePlan(node);
  const count = integer(elements(node.outputs[0]));
  if (plan.from === 'float32') {
    const { scale, zeroPoint } = plan;
    const kernel = `whittle_quantize_f32_${suffixOf(node.outputs[0])}`;
    return {
      calls: [call(kernel, float(scale), integer(zeroPoint), count, input(0), output(0))],
    };
  }
  if (plan.inputOffset !== plan.outputOffset) return lowerUnsigned(node, plan);
  const [from, to] = [node.inputs[0], node.outputs[0]].map(suffixOf);
  const kernel = from === to ? `whittle_requantize_${from}` : `whittle_requantize_${from}_${to}`;
  const calls = [call(kernel, rescaleParams(plan), count, input(0), output(0))];
  if (from === to) return { calls, inPlace: [{ input: 0, output: 0 }] };
  // What becomes wider may lie on what was read as soon as all that is left to read lies behind it.
  const distance = to === 's16' ? elements(node.outputs[0]) : 0;
  return { calls, overlap: [{ input: 0, output: 0, distance }] };
}

/** Between uint8 and int8: signs are flipped, behind a change of scale or in front of it. */
function lowerUnsigned(node: KernelNode, plan: RequantizePlan): KernelPlan {
  const count = integer(elements(node.outputs[0]));
  const flip = (from: KernelArgument) => call('whittle_flip_sign', count, from, output(0));
  const rescale = (from: KernelArgument) =>
    call('whittle_requantize_s8', rescaleParams(plan), count, from, output(0));
  const calls = isIdentity(plan)
    ? [flip(input(0))]
    : plan.outputOffset > 0
      ? [rescale(input(0)), flip(output(0))]
      : [flip(input(0)), rescale(output(0))];
  return { calls, inPlace: [{ input: 0, output: 0 }] };
}

/** Whether the scale stays and the zero point too, seen as int8. */
function isIdentity({ multiplier, shift, inputZeroPoint, outputZeroPoint }: RequantizePlan): boolean {
  return multiplier === 2 ** 30 && shift === 1 && inputZeroPoint === outputZeroPoint;
}

export function lowerDequantize(node: KernelNode): KernelPlan {
  const { scale, zeroPoint } = dequantizePlan(node);
  const kernel = `whittle_dequantize_${suffixOf(node.inputs[0])}_f32`;
  const count = integer(elements(node.outputs[0]));
  return {
    calls: [call(kernel, float(scale), integer(zeroPoint), count, input(0), output(0))],
  };
}
