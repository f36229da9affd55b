import type { DenseAttributes, NodeView, Tensor } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { densePlan } from '../plans/dense.js';
import { finishChannel } from './finish-channel.js';
import { allocateSums, linearOperands, multiplyRows, rowsByOutput } from './linear-weights.js';

/** FULLY_CONNECTED. */
export function prepareDense(
  n: NodeView<DenseAttributes>,
  constants: readonly (Tensor | undefined)[],
): Int8Kernel {
  const plan = densePlan(n);
  const { inputs, outputs, inputZeroPoint } = plan;
  const { weight, bias } = linearOperands(n, constants, plan);
  const rows = rowsByOutput(weight, outputs, plan.weightZeroPoint);
  const sums = allocateSums(plan.accumulator, outputs);
  const x = new Int32Array(inputs);
  return ([input], [output]) => {
    for (let row = 0; row < plan.rows; row++) {
      for (let i = 0; i < inputs; i++) x[i] = (input[row * inputs + i] as number) - inputZeroPoint;
      multiplyRows(x, 0, rows, inputs, sums, 0, outputs);
      for (let o = 0; o < outputs; o++) output[row * outputs + o] = finishChannel(sums[o] + bias[o], o, plan);
    }
  };
}
