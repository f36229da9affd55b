import type { NodeView, Tensor } from '@whittle/core';
import { constantData } from '../lowering.js';

/** Weights by output channel, and the bias (zero where there is none), as 32-bit integers. */
export interface LinearWeights {
  /** [outputs][taps]: all weights that one output reads lie together. */
  readonly rows: Int32Array;
  readonly bias: Int32Array;
}

/**
 * Brings weights whose innermost axis counts the outputs, [taps, outputs], to rows by output, less the zero point.
 * @throws OP_UNSUPPORTED where weight or bias are computed
 */
export function linearWeights(
  n: NodeView<unknown>,
  constants: readonly (Tensor | undefined)[],
  outputs: number,
  zeroPoint = 0,
): LinearWeights {
  const weight = constantData<'int8'>(n, constants, 1, 'weight');
  const taps = weight.length / outputs;
  const rows = new Int32Array(weight.length);
  for (let tap = 0; tap < taps; tap++)
    for (let o = 0; o < outputs; o++) rows[o * taps + tap] = weight[tap * outputs + o] - zeroPoint;
  const bias = n.inputs.length > 2 ? constantData<'int32'>(n, constants, 2, 'bias') : new Int32Array(outputs);
  return { rows, bias };
}
