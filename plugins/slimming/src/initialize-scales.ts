import { batchNorm, definePass, float32, isOp, patch } from '@whittle/core';
import { z } from 'zod';
import { rankedByScales } from './ranked-by-scales.js';

/**
 * Sets all scales of batch norms to one value, and their offsets to another: Network Slimming begins with gamma 0.5 and beta
 * 0 (Liu et al. 2017, section 4.2).
 */
export const initializeScales = definePass({
  name: 'slimming/initialize-scales',
  description: 'Sets the scales and offsets of all batch norms to what sparse training begins with',
  options: z
    .object({
      /** Not 0, from where no scale would ever leave. */
      gamma: z
        .number()
        .refine((value) => value !== 0, 'must not be 0')
        .default(0.5),
      beta: z.number().default(0),
    })
    .strict()
    .prefault({}),
  changes: ['weights'],
  requires: () => [rankedByScales],
  run: (model, _, { gamma, beta }) =>
    patch(model, (edit) => {
      for (const node of model.nodes) {
        if (!isOp(node, batchNorm)) continue;
        for (const [id, value] of [[node.inputs[1], gamma] as const, [node.inputs[2], beta] as const]) {
          const { shape, data } = model.parameters.get(id)!.tensor;
          edit.setParameter(id, { tensor: float32(shape, new Float32Array(data.length).fill(value)) });
        }
      }
    }),
});
