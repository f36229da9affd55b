import { z } from 'zod';

const figures = z.record(z.string(), z.number());

/** One epoch of a run. */
export const epochRecordSchema = z.object({
  /** From 1. */
  epoch: z.number().int().positive(),
  /** Of the last step, one for each update. */
  learningRates: z.array(z.number()),
  /** Means over the steps: each term and penalty, not weighted, and the whole objective under `loss`. */
  losses: figures,
  /** Metrics of what the first model made of the training batches, in training mode and while it changed. */
  training: figures,
  /** Metrics of the first model on the validation data, in inference mode, after the epoch. */
  validation: figures.optional(),
});
export type EpochRecord = z.infer<typeof epochRecordSchema>;
