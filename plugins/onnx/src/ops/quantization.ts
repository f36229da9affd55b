import type { NodeCall } from '../graph/node-call.js';
import type { OpReaders } from './op-reader.js';

/**
 * Quantization of values that the model computes: in float it is left out, as it only rounds. Quantized weights are known, and
 * are dequantized as constants.
 */
function leftOut(call: NodeCall): void {
  const x = call.activation(call.operand(0));
  call.alias(x);
}

export const quantizationReaders: OpReaders = { QuantizeLinear: leftOut, DequantizeLinear: leftOut };
