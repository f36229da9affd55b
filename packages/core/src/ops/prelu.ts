import { z } from 'zod';
import type { ValueType } from '../model.js';
import { concrete, formatShape, sameShape } from '../model.js';
import { defineOp, expectShape } from '../op.js';
import { float32, sizeOf } from '../tensor.js';
import { broadcastShape, elementwiseTies, forEachBroadcast } from './broadcast.js';

/** max(x, 0) + alpha min(x, 0) (He et al. 2015). Operands: input, and alpha, which broadcasts to the input's shape. */
export const prelu = defineOp({
  name: 'prelu',
  version: 1,
  operands: [{ name: 'input' }, { name: 'alpha' }],
  attributes: z.object({}).strict(),
  infer(n): ValueType[] {
    const [input, alpha] = n.inputs;
    expectShape(
      sameShape(broadcastShape(n, input.shape, alpha.shape), input.shape),
      n,
      () => `alpha ${formatShape(alpha.shape)} doesn't broadcast to ${formatShape(input.shape)}`,
    );
    return [{ dtype: input.dtype, shape: input.shape }];
  },
  cost: (n) => ({ macs: 0, flops: 0, activationFlops: 2 * sizeOf(concrete(n.outputs[0].shape)) }),
  channels: (n) => ({ ties: elementwiseTies(n) }),
  evaluate(_, [input, alpha]) {
    const data = new Float32Array(input.data.length);
    forEachBroadcast(input.shape, input.shape, alpha.shape, (i, _at, slope) => {
      const x = Number(input.data[i]);
      data[i] = x >= 0 ? x : x * Number(alpha.data[slope]);
    });
    return [float32(input.shape, data)];
  },
});
