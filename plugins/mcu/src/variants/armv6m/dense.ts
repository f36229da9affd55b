import type { DenseAttributes } from '@whittle/core';
import { densePlan } from '@whittle/int8';
import { weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelNode, KernelPlan } from '@whittle/kernel-api';
import { packDenseQuads } from './dense-quads.js';
import { linearCalls, outputStage } from './linear-layer.js';
import { formNames } from './scaler-form.js';
import type { ScalerForm } from './scaler-form.js';

/** Bytes of padding that weights may always have. */
const PADDING_BYTES = 256;
/** Blocks that the kernel can name. */
const MAX_BLOCKS = 65535;

/** Four outputs at a time, by two products of a word of weights with an input. */
export function armv6mDense(node: KernelNode<DenseAttributes>): KernelPlan | undefined {
  const plan = densePlan(node);
  const data = node.constants[1]?.data as Int8Array | undefined;
  const bias = node.constants[2]?.data as Int32Array | undefined;
  if (!data || (node.inputs[2] && !bias) || plan.weightZeroPoint !== 0) return undefined;
  const filters = Array.from({ length: plan.outputs }, (_, o) =>
    Int8Array.from({ length: plan.inputs }, (__, i) => data[i * plan.outputs + o]),
  );
  const stage = outputStage(filters, bias, plan);
  const packed = packDenseQuads(filters);
  if (!stage || !packed || plan.inputs / 8 >= MAX_BLOCKS) return undefined;
  const bytes = packed.words.byteLength + packed.splits.byteLength;
  if (bytes > 1.05 * data.length + PADDING_BYTES || plan.outputs < 4) return undefined;
  const rest = filters.slice(plan.outputs - (plan.outputs % 4));
  const params = {
    batches: plan.rows,
    inputs: plan.inputs,
    outputs: plan.outputs,
    phases: packed.phases,
    phase: packed.phase,
    channel_step: 0,
    form: stage.form,
    output_zero_point: plan.outputZeroPoint,
  };
  const more = [
    weights('splits', packed.splits),
    weights('rest', rest.length > 0 ? Int8Array.from(rest.flatMap((row) => [...row])) : undefined),
  ];
  const kernel = 'whittle_fully_connected_s8_armv6m';
  return {
    calls: linearCalls(node, kernel, params, packed.words, stage.bias, plan, ...more, quadKernel(stage.form)),
    scratchBytes: 4 * packed.phase + (packed.phases * packed.phase) / 2,
    overlap: plan.rows === 1 ? [{ input: 0, output: 0, distance: 0 }] : [],
  };
}

function quadKernel(form: ScalerForm): KernelArgument {
  return {
    kind: 'function',
    kernel: {
      name: `whittle_dense_quad_s8_armv6m_${formNames[form]}`,
      folder: new URL('../../../kernels/', import.meta.url),
      instance: {
        template: 'whittle_dense_quad_s8_armv6m.S.inc',
        header: 'whittle_dense_quad_s8_armv6m.h.inc',
        macros: { WHITTLE_FORM: form },
      },
    },
  };
}
