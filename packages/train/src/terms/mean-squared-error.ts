import { WhittleError } from '@whittle/core';
import type { Schedule } from '../schedule.js';
import type { ModelReference, Term } from '../term.js';

export interface MeanSquaredErrorOptions {
  readonly model?: ModelReference;
  /** 1 unless told. */
  readonly weight?: number | Schedule;
  /** Which output of the model; the first one unless told. */
  readonly output?: number;
}

/** Mean over all elements of (output - label)^2. Labels are float32, of the output's shape. */
export function meanSquaredError(options: MeanSquaredErrorOptions = {}): Term {
  const { model, weight = 1, output = 0 } = options;
  return {
    name: 'mean-squared-error',
    weight,
    loss({ tf, batch, forward }) {
      const found = forward(model).outputs[output];
      if (!tf.util.arraysEqual(found.shape, batch.labels.shape))
        throw new WhittleError(
          'SHAPE_MISMATCH',
          `labels must have the output's shape [${found.shape.join(', ')}], found [${batch.labels.shape.join(', ')}]`,
        );
      return tf.mean(tf.squaredDifference(found, batch.labels));
    },
  };
}
