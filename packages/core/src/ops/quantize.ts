import { z } from 'zod';
import { concrete } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import { sizeOf } from '../tensor.js';
import { elementwiseTies } from './broadcast.js';

/**
 * Brings a value to the integer type and quantization of its output (float to integer, or integer to integer). The
 * output's scale and zero point belong to its value; in float evaluation it is the identity.
 */
export const quantize = defineOp({
  name: 'quantize',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({ dtype: z.enum(['int8', 'uint8', 'int16', 'int32']) }).strict(),
  infer: (n) => [{ dtype: n.attributes.dtype, shape: n.inputs[0].shape }],
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: 2 * sizeOf(concrete(n.outputs[0].shape)) }),
  channels: (n) => ({ ties: elementwiseTies(n) }),
  evaluate: (_, [input]) => [input],
});

/** Brings a quantized value to float32: scale * (q - zeroPoint). In float evaluation it is the identity. */
export const dequantize = defineOp({
  name: 'dequantize',
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({}).strict(),
  infer(n) {
    expectShape(n.inputs[0].dtype !== 'float32', n, () => 'input is float32 already');
    return [{ dtype: 'float32', shape: n.inputs[0].shape }];
  },
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: 2 * sizeOf(concrete(n.outputs[0].shape)) }),
  channels: (n) => ({ ties: elementwiseTies(n) }),
  evaluate: (_, [input]) => [input],
});
