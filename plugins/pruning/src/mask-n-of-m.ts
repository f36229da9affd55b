import { definePass } from '@whittle/core';
import type { Id, Parameter } from '@whittle/core';
import { z } from 'zod';
import { maskableWeights, sparsityOf, withMasks } from './weight-masks.js';

/**
 * Masks that keep the `n` largest of each `m` weights that follow one another along the input axis of one filter (Mishra et al.
 * 2021, section 3: 2 of 4); of equals the first. Where the axis doesn't divide by m, the last block is shorter and keeps as
 * many. Weights are [..., I, O]; at each tap of a window blocks are its own. Depthwise convolutions, which have one input channel
 * a filter, are left whole.
 */
export function blockMasks(weights: readonly Parameter[], n: number, m: number): Map<Id, Uint8Array> {
  return new Map(
    weights.map(({ id, tensor: { shape, data } }) => {
      const [inputs, outputs] = shape.slice(-2);
      const kept = new Uint8Array(data.length).fill(1);
      for (let tap = 0; tap < data.length; tap += inputs * outputs)
        for (let o = 0; o < outputs; o++)
          for (let start = 0; start < inputs; start += m) {
            const length = Math.min(m, inputs - start);
            const block = Array.from({ length }, (_, i) => tap + (start + i) * outputs + o);
            block.sort((a, b) => Math.abs(Number(data[b])) - Math.abs(Number(data[a])) || a - b);
            for (const position of block.slice(n)) kept[position] = 0;
          }
      return [id, kept];
    }),
  );
}

/** Masks all but n of each m weights along the input axis, as hardware for sparse matrices takes them. */
export const maskNOfM = definePass({
  name: 'pruning/mask-n-of-m',
  description: 'Masks all but the n largest of each m weights along the input axis',
  options: z
    .object({
      /** Weights that stay in each block. */
      n: z.number().int().min(1).default(2),
      /** Weights in a block. */
      m: z.number().int().min(2).default(4),
      /** Ids of weights that stay whole; `*` stands for any characters. */
      exclude: z.array(z.string()).default([]),
    })
    .strict()
    .refine(({ n, m }) => n < m, { message: 'n must be below m', path: ['n'] }),
  changes: ['weights'],
  run(model, context, { n, m, exclude }) {
    const depthwise = new Set(
      model.nodes.filter(({ op }) => op.linear?.outputAxes.length === 2).map(({ inputs }) => inputs[1]),
    );
    const weights = maskableWeights(model, exclude).filter(({ id }) => !depthwise.has(id));
    const masked = withMasks(model, blockMasks(weights, n, m));
    const report = sparsityOf(
      masked,
      weights.map(({ id }) => id),
    );
    context.log(`pruning: ${n} of ${m} weights stay, ${(100 * report.sparsity).toFixed(1)}% are masked`);
    return { model: masked, report: { ...report } };
  },
});
