import type { DepthwiseAttributes } from '@whittle/core';
import { depthwisePlan } from '@whittle/int8';
import type { DepthwisePlan } from '@whittle/int8';
import type {
  KernelArgument,
  KernelContext,
  KernelNode,
  KernelPlan,
  Optimization,
} from '@whittle/kernel-api';
import { extents } from '../../lowerings/kernel-call.js';
import { imageFields, windowFields } from '../../lowerings/linear-layer.js';
import { linearCalls, outputStage } from './linear-layer.js';
import { formNames } from './scaler-form.js';
import type { ScalerForm } from './scaler-form.js';

const MAX_TAPS = 49;

/** A channel's plane is cut into strips beyond this many bytes. */
const PLANE_BYTES: Readonly<Record<Optimization, number>> = { speed: 4096, flash: 4096, ram: 1024 };

/** One channel at a time, by a kernel made for the window's size. */
export function armv6mDepthwiseConv2d(
  node: KernelNode<DepthwiseAttributes>,
  { optimize }: KernelContext,
): KernelPlan | undefined {
  const plan = depthwisePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const taps = plan.kernelHeight * plan.kernelWidth;
  if (!data || (node.inputs[2] && !node.constants[2])) return undefined;
  if (plan.dilationWidth !== 1 || taps > MAX_TAPS) return undefined;
  const filters = Array.from({ length: plan.outputChannels }, (_, channel) =>
    Int8Array.from({ length: taps }, (__, tap) => data[tap * plan.outputChannels + channel]),
  );
  const stage = outputStage(filters, node.constants[2]?.data as Int32Array | undefined, plan);
  if (!stage) return undefined;
  const rows = stripRows(plan, PLANE_BYTES[optimize]);
  const { dilation_width: _, ...window } = windowFields(plan);
  const params = extents(node, {
    ...imageFields(plan),
    multiplier: plan.depthMultiplier,
    ...window,
    strip_rows: rows,
    channel_step: 0,
    form: stage.form,
    input_zero_point: plan.inputZeroPoint,
    output_zero_point: plan.outputZeroPoint,
  });
  const plane = planeKernel(plan, stage.form);
  const sameShape =
    plan.depthMultiplier === 1 &&
    plan.inputHeight === plan.outputHeight &&
    plan.inputWidth === plan.outputWidth;
  return {
    calls: linearCalls(node, 'whittle_depthwise_conv_2d_s8_armv6m', params, data, stage.bias, plan, plane),
    scratchBytes: planeBytes(plan, rows),
    inPlace: sameShape && rows === plan.outputHeight ? [{ input: 0, output: 0 }] : [],
  };
}

function planeKernel({ kernelHeight, kernelWidth }: DepthwisePlan, form: ScalerForm): KernelArgument {
  return {
    kind: 'function',
    kernel: {
      name: `whittle_depthwise_plane_s8_armv6m_${kernelHeight}x${kernelWidth}_${formNames[form]}`,
      folder: new URL('../../../kernels/', import.meta.url),
      instance: {
        template: 'whittle_depthwise_plane_s8_armv6m.S.inc',
        header: 'whittle_depthwise_plane_s8_armv6m.h.inc',
        macros: {
          WHITTLE_KERNEL_HEIGHT: kernelHeight,
          WHITTLE_KERNEL_WIDTH: kernelWidth,
          WHITTLE_FORM: form,
        },
      },
    },
  };
}

function stripRows(plan: DepthwisePlan, bytes: number): number {
  let rows = plan.outputHeight;
  while (rows > 1 && planeBytes(plan, rows) > bytes) rows--;
  return rows;
}

/** Bytes of the gathered plane, as the kernel's header says. */
function planeBytes(plan: DepthwisePlan, rows: number): number {
  const height = (rows - 1) * plan.strideHeight + (plan.kernelHeight - 1) * plan.dilationHeight + 1;
  return 4 * height * ((plan.outputWidth - 1) * plan.strideWidth + plan.kernelWidth);
}
