import { WhittleError } from '@whittle/core';
import type { Model } from '@whittle/core';
import { softmaxCrossEntropy } from '@whittle/train';
import type { ModelReference, Schedule, Term } from '@whittle/train';

export interface SoftTargetsOptions {
  /** A float model that takes the student's inputs and has its classes. It isn't changed. */
  readonly teacher: Model;
  /** Above 0; 4 unless told. Higher ones show more of how the teacher ranks the wrong classes. */
  readonly temperature?: number;
  /** 1 unless told. */
  readonly weight?: number | Schedule;
  /** The trained model; the first one unless told. */
  readonly student?: ModelReference;
  /** Which output of both models; the first one unless told. */
  readonly output?: number;
}

/**
 * Distillation (Hinton, Vinyals and Dean 2015, section 2): T^2 KL(softmax(z_teacher / T) || softmax(z_student / T)), mean
 * over the batch. The factor T^2 keeps its gradient's size whatever the temperature T. z are logits: what a softmax that
 * ends a model is taken of, else the output itself.
 * @throws OPTION_INVALID
 */
export function softTargets(options: SoftTargetsOptions): Term {
  const { teacher, temperature = 4, weight = 1, student, output = 0 } = options;
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new WhittleError('OPTION_INVALID', `temperature must be above 0, found ${temperature}`);
  return {
    name: 'soft-targets',
    weight,
    frozen: [teacher],
    loss({ tf, forward }) {
      const taught = forward(teacher).logits(output);
      const learned = forward(student).logits(output);
      if (!tf.util.arraysEqual(taught.shape, learned.shape))
        throw new WhittleError(
          'SHAPE_MISMATCH',
          `the teacher's logits have shape [${taught.shape.join(', ')}], the student's [${learned.shape.join(', ')}]`,
        );
      const softened = tf.div(taught, temperature);
      const targets = tf.softmax(softened);
      const crossEntropy = softmaxCrossEntropy(tf, tf.div(learned, temperature), targets);
      const entropy = softmaxCrossEntropy(tf, softened, targets);
      return tf.mul(tf.mean(tf.sub(crossEntropy, entropy)), temperature ** 2);
    },
  };
}
