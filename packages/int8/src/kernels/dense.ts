import type { DenseAttributes, NodeView, Tensor } from '@whittle/core';
import type { Int8Kernel } from '../lowering.js';
import { densePlan } from '../plans/dense.js';
import { finishChannel } from './finish-channel.js';
import { linearWeights } from './linear-weights.js';

/** FULLY_CONNECTED. */
export function prepareDense(
  n: NodeView<DenseAttributes>,
  constants: readonly (Tensor | undefined)[],
): Int8Kernel {
  const plan = densePlan(n);
  const { inputs, outputs, inputZeroPoint } = plan;
  const { rows, bias } = linearWeights(n, constants, outputs, plan.weightZeroPoint);
  const x = new Int32Array(inputs);
  return ([input], [output]) => {
    for (let row = 0; row < plan.rows; row++) {
      for (let i = 0; i < inputs; i++) x[i] = (input[row * inputs + i] as number) - inputZeroPoint;
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o];
        for (let i = 0, w = o * inputs; i < inputs; i++, w++) sum = (sum + Math.imul(x[i], rows[w])) | 0;
        output[row * outputs + o] = finishChannel(sum, o, plan);
      }
    }
  };
}
