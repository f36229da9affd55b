import { abs, leakyRelu, relu, relu6, rsqrt, sigmoid, tanh } from '@whittle/core';
import type { NodeView } from '@whittle/core';
import {
  absPlan,
  EXP_INT16_TABLE,
  leakyReluPlan,
  RECIPROCAL_INT16_TABLE,
  relu6Plan,
  reluPlan,
  rsqrtPlan,
  SIGMOID_TABLE,
  sigmoidInt16Plan,
  softmaxInt16Plan,
  tanhInt16Plan,
} from '@whittle/int8';
import type { RescalePlan, SigmoidInt16Plan } from '@whittle/int8';
import { input, integer, output, struct, table } from '@whittle/kernel-api';
import type { KernelArgument, KernelCall, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { call, clampCall, clampCalls, elements } from './kernel-call.js';

type Calls<A = object> = (node: KernelNode<A>) => readonly KernelCall[];

const calls: ReadonlyMap<string, Calls<never>> = new Map<string, Calls<never>>([
  [relu.name, reluCalls],
  [relu6.name, (node) => [clampCall(relu6Plan(node), count(node), { dtype: 'int16' })]],
  [leakyRelu.name, leakyReluCalls],
  [abs.name, scaleCalls('whittle_abs_s16', absPlan)],
  [rsqrt.name, scaleCalls('whittle_rsqrt_s16', rsqrtPlan)],
  [sigmoid.name, sigmoidCalls('whittle_sigmoid_s16', sigmoidInt16Plan)],
  [tanh.name, sigmoidCalls('whittle_tanh_s16', tanhInt16Plan)],
]);

/** How an op of one int16 operand is computed; nothing where there is no kernel for int16. */
export function unaryInt16(name: string): Calls | undefined {
  return calls.get(name) as Calls | undefined;
}

function count(node: KernelNode<unknown>): number {
  return elements(node.outputs[0]);
}

/** A rescaling that int16 comes from or goes to. */
export function rescaleParams(plan: RescalePlan): KernelArgument {
  return struct('whittle_requantize_s8_params', {
    multiplier: plan.multiplier,
    shift: plan.shift,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
}

function reluCalls(node: KernelNode<object>): KernelCall[] {
  const plan = reluPlan(node);
  return [
    call('whittle_requantize_s16', rescaleParams(plan), integer(count(node)), input(0), output(0)),
    ...clampCalls(plan.clamp, count(node), 'int16'),
  ];
}

/** A kernel of zero points of 0 that takes a multiplier and a shift. */
function scaleCalls(kernel: string, plan: (n: NodeView<unknown>) => RescalePlan): Calls {
  return (node) => {
    const { multiplier, shift } = plan(node);
    const sizes = [multiplier, shift, count(node)].map(integer);
    return [call(kernel, ...sizes, input(0), output(0))];
  };
}

function leakyReluCalls(node: KernelNode<{ readonly alpha: number }>): KernelCall[] {
  const { above, below, inputZeroPoint, outputZeroPoint } = leakyReluPlan(node);
  const params = struct('whittle_leaky_relu_s16_params', {
    above_multiplier: above.multiplier,
    above_shift: above.shift,
    below_multiplier: Math.abs(below.multiplier),
    below_shift: below.shift,
    input_zero_point: inputZeroPoint,
    output_zero_point: outputZeroPoint,
    negative: Number(below.multiplier < 0),
  });
  return [call('whittle_leaky_relu_s16', params, integer(count(node)), input(0), output(0))];
}

function sigmoidCalls(kernel: string, plan: (n: NodeView<unknown>) => SigmoidInt16Plan): Calls {
  return (node) => {
    const { multiplier, shift } = plan(node);
    const sizes = [multiplier, shift, count(node)].map(integer);
    return [call(kernel, table('sigmoid', SIGMOID_TABLE), ...sizes, input(0), output(0))];
  };
}

export function lowerSoftmaxInt16(node: KernelNode<{ readonly beta: number }>): KernelPlan {
  const { rows, depth, multiplier, shift } = softmaxInt16Plan(node);
  return {
    calls: [
      call(
        'whittle_softmax_s16',
        struct('whittle_softmax_s16_params', { rows, depth, multiplier, shift }),
        table('exponentials', EXP_INT16_TABLE),
        table('reciprocals', RECIPROCAL_INT16_TABLE),
        input(0),
        output(0),
      ),
    ],
    inPlace: [{ input: 0, output: 0 }],
  };
}
