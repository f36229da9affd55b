import { typeOf, WhittleError } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import type { ModelReference, Schedule, StepScope, Term, TfTensor } from '@whittle/train';

export interface HintOptions {
  /** A float model that takes the student's inputs. It isn't changed. */
  readonly teacher: Model;
  /** Value of the teacher that is the hint. */
  readonly teacherValue: Id;
  /** Value of the student that is guided; the same name unless told. */
  readonly studentValue?: Id;
  /** 1 unless told. */
  readonly weight?: number | Schedule;
  /** The trained model; the first one unless told. */
  readonly student?: ModelReference;
}

/**
 * A hint (FitNets, Romero et al. 2015, equation 3): half the mean squared difference of two values of one shape, without a
 * regressor between them.
 * @throws MODEL_INVALID where the teacher has no such value
 */
export function hint(options: HintOptions): Term {
  return guidance('hint', options, ({ tf }, guided, hinted) => {
    if (!tf.util.arraysEqual(guided.shape, hinted.shape))
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `a hint needs values of one shape, found [${guided.shape.join(', ')}] in the student and [${hinted.shape.join(', ')}] in the teacher; attentionHint compares images of any number of channels`,
      );
    return tf.mul(tf.mean(tf.squaredDifference(guided, hinted)), 0.5);
  });
}

/**
 * Attention transfer (Zagoruyko and Komodakis 2017, equation 2): images [N, H, W, C] of one size are compared by where
 * they are active, the sum of squares over channels, each map divided by its norm; mean over the batch of half the squared
 * distance. The numbers of channels may differ, as they do after pruning.
 * @throws MODEL_INVALID where the teacher has no such value
 */
export function attentionHint(options: HintOptions): Term {
  return guidance('attention-hint', options, (scope, guided, hinted) => {
    const [a, b] = [guided, hinted].map((image) => attentionMap(scope, image));
    if (!scope.tf.util.arraysEqual(a.shape, b.shape))
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `attention needs images of one size, found [${guided.shape.join(', ')}] in the student and [${hinted.shape.join(', ')}] in the teacher`,
      );
    return scope.tf.mul(scope.tf.mean(scope.tf.sum(scope.tf.squaredDifference(a, b), 1)), 0.5);
  });
}

/** [N, H * W], each row of length 1. */
function attentionMap({ tf }: StepScope, image: TfTensor): TfTensor {
  if (image.rank !== 4)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `attention needs images [N, H, W, C], found shape [${image.shape.join(', ')}]`,
    );
  const energy = tf.reshape(tf.sum(tf.square(image), 3), [image.shape[0], -1]);
  const tiny = 1e-12;
  return tf.div(energy, tf.sqrt(tf.add(tf.sum(tf.square(energy), 1, true), tiny)));
}

function guidance(
  name: string,
  options: HintOptions,
  compare: (scope: StepScope, guided: TfTensor, hinted: TfTensor) => TfTensor,
): Term {
  const { teacher, teacherValue, studentValue = teacherValue, weight = 1, student } = options;
  typeOf(teacher, teacherValue);
  return {
    name: `${name} ${studentValue}`,
    weight,
    frozen: [teacher],
    loss: (scope) =>
      compare(scope, scope.forward(student).value(studentValue), scope.forward(teacher).value(teacherValue)),
  };
}
