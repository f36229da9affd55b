import { WhittleError } from '@whittle/core';
import { softmaxCrossEntropy } from '../kernels/softmax-cross-entropy.js';
import type { Schedule } from '../schedule.js';
import type { ModelReference, Term } from '../term.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

export interface CrossEntropyOptions {
  readonly model?: ModelReference;
  /** 1 unless told. */
  readonly weight?: number | Schedule;
  /** Share of the target that is spread evenly over all classes, 0 up to 1 (Szegedy et al. 2016, section 7). */
  readonly labelSmoothing?: number;
  /** Which output of the model; the first one unless told. */
  readonly output?: number;
}

/**
 * Mean over the batch of -log of the probability of the right class, from the logits where the model ends in a softmax;
 * another output is taken as logits. Labels are class numbers, int32 [N], or rows of probabilities, float32 [N, C].
 * @throws OPTION_INVALID
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Term {
  const { model, weight = 1, labelSmoothing = 0, output = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new WhittleError(
      'OPTION_INVALID',
      `labelSmoothing must be from 0 up to 1, found ${labelSmoothing}`,
    );
  return {
    name: 'cross-entropy',
    weight,
    loss({ tf, batch, forward }) {
      const logits = forward(model).logits(output);
      const classes = logits.shape[logits.rank - 1] as number;
      const targets = targetRows(tf, batch.labels, classes, labelSmoothing);
      return tf.mean(softmaxCrossEntropy(tf, logits, targets));
    },
  };
}

/**
 * Labels as rows of probabilities.
 * @throws SHAPE_MISMATCH where they are neither class numbers nor such rows; DATASET_INVALID where there is no such class
 */
function targetRows(tf: TensorFlow, labels: TfTensor, classes: number, smoothing: number): TfTensor {
  if (labels.dtype === 'int32') expectClasses(labels, classes);
  const targets =
    labels.dtype === 'int32' ? tf.oneHot(tf.reshape(labels, [-1]), classes, 1, 0, 'float32') : labels;
  if (targets.shape[targets.rank - 1] !== classes)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `labels must be int32 class numbers or float32 rows of ${classes}, found ${labels.dtype}[${labels.shape.join(', ')}]`,
    );
  return smoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - smoothing), smoothing / classes);
}

function expectClasses(labels: TfTensor, classes: number): void {
  const wrong = (labels.dataSync() as Int32Array).find((label) => label < 0 || label >= classes);
  if (wrong !== undefined)
    throw new WhittleError(
      'DATASET_INVALID',
      `a label is class ${wrong}, but the model has ${classes} classes: 0 to ${classes - 1}`,
    );
}
