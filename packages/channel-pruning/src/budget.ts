import { modelBytes, modelCost } from '@whittle/core';
import type { ModelMeasure } from '@whittle/core';
import { z } from 'zod';

const measures = {
  macs: { name: 'multiply-adds', unit: 'MACs', of: (model) => modelCost(model).macs },
  parameters: { name: 'parameters', unit: 'parameters', of: (model) => modelCost(model).parameters },
  bytes: { name: 'parameters as they are', unit: 'bytes', of: (model) => modelBytes(model) },
  'int8-bytes': { name: 'parameters at 8 bits', unit: 'bytes', of: (model) => modelBytes(model, 8) },
} as const satisfies Readonly<Record<string, ModelMeasure>>;

const measureNames = Object.keys(measures) as (keyof typeof measures)[];

const measureOption = z.union(
  [
    z.enum(measureNames),
    z.custom<ModelMeasure>(
      (value) =>
        typeof value === 'object' && value !== null && typeof (value as ModelMeasure).of === 'function',
    ),
  ],
  { error: `must be one of ${measureNames.join(', ')}, or a measure: { name, unit, of(model) }` },
);

/** The most that a pruned model may have of something: `{ of: 'macs', share: 0.5 }`. */
export const budgetOption = z
  .object({
    /**
     * What is counted: multiply-adds, elements of all parameters, their bytes as they are or at 8 bits each, or anything
     * else that can be measured of a model, such as RAM or latency on a target.
     */
    of: measureOption,
    /** In units of what is counted. */
    atMost: z.number().positive().optional(),
    /** As a share of what the model has before. */
    share: z.number().gt(0).max(1).optional(),
    /** Whether channels go by one global threshold, or each group loses the same share. */
    spread: z.enum(['global', 'uniform']).default('global'),
    /**
     * How far below the budget, as a share of it, the search may end: fewer measurements. 0 unless told, 0.01 of what is
     * measured by a function.
     */
    tolerance: z.number().min(0).lt(1).optional(),
  })
  .strict()
  .refine(({ atMost, share }) => (atMost === undefined) !== (share === undefined), {
    message: 'exactly one of atMost and share must be given',
    path: ['atMost'],
  });
export type Budget = z.output<typeof budgetOption>;

export function measureOf({ of }: Budget): ModelMeasure {
  return typeof of === 'string' ? measures[of] : of;
}

export function toleranceOf({ of, tolerance }: Budget): number {
  return tolerance ?? (typeof of === 'string' ? 0 : 0.01);
}
