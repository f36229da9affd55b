import { definePass } from '@whittle/core';
import type { Model } from '@whittle/core';
import { crossEntropy, termOption, trainingOptions, trainInPass } from '@whittle/train';
import { z } from 'zod';
import { softTargets } from './soft-targets.js';

const model = z.custom<Model>(
  (value) => typeof value === 'object' && value !== null && 'nodes' in value && 'parameters' in value,
  'must be a model',
);

/**
 * Trains a small model, such as a pruned one, by the labels and by a teacher's soft targets, as train's `fit` does:
 * `(1 - softWeight) * crossEntropy + softWeight * softTargets + ...terms`.
 */
export const fineTune = definePass({
  name: 'distillation/fine-tune',
  description: "Trains the model by the labels and by a teacher's softened predictions",
  options: trainingOptions.extend({
    /** A float model that takes the same inputs and has the same classes, such as the model before pruning. */
    teacher: model,
    /** Above 0. */
    temperature: z.number().positive().default(4),
    /** Share of the soft targets in the objective, 0 to 1; labels have the rest. */
    softWeight: z.number().min(0).max(1).default(0.7),
    /** More terms, such as hints. */
    terms: z.array(termOption).default([]),
  }),
  changes: ['weights'],
  run(student, context, { teacher, temperature, softWeight, terms, ...options }) {
    const objective = [
      ...(softWeight < 1 ? [crossEntropy({ weight: 1 - softWeight })] : []),
      ...(softWeight > 0 ? [softTargets({ teacher, temperature, weight: softWeight })] : []),
      ...terms,
    ];
    return trainInPass(student, context, 'fine-tuning', objective, options);
  },
});
