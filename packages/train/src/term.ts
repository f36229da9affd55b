import type { Id, Model, RandomStream } from '@whittle/core';
import type { Schedule, SchedulePoint } from './schedule.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';

/** What a model computed from one batch. The tensors live until the step ends. */
export interface Activations {
  readonly outputs: readonly TfTensor[];
  /** Any value of the model, by its id. @throws MODEL_INVALID where there is none */
  value(id: Id): TfTensor;
  /**
   * What a softmax at the end is taken of, beta included, or the output itself where another op ends the model. Losses
   * on logits are stable where the probabilities underflow.
   */
  logits(output?: number): TfTensor;
}

/** A trained model by its name in `fit`, or a frozen one by itself. */
export type ModelReference = string | Model;

/** One batch in the library's tensors. */
export interface TensorBatch {
  readonly inputs: readonly TfTensor[];
  readonly labels: TfTensor;
}

/** What a term sees of one step. */
export interface StepScope {
  readonly tf: TensorFlow;
  readonly batch: TensorBatch;
  readonly at: SchedulePoint;
  readonly random: RandomStream;
  /**
   * What a model makes of the batch, or of `inputs`. Trained models (the first one unless told) are in training mode and
   * differentiable, frozen ones in inference mode. Without `inputs` all terms of an update share one evaluation.
   */
  forward(model?: ModelReference, inputs?: readonly TfTensor[]): Activations;
  /** Keeps a tensor for later updates of this step, and for whoever watches; without it the gradient tape disposes it. */
  keep(name: string, value: TfTensor): void;
  /** What `keep` was given in this step. @throws OPTION_INVALID where nothing was */
  kept(name: string): TfTensor;
}

/** A part of the objective. */
export interface Term {
  readonly name: string;
  readonly weight: number | Schedule;
  /** Models that it looks at and that aren't trained, such as a teacher. */
  readonly frozen?: readonly Model[];
  /** A scalar, made of `scope.tf` ops. */
  loss(scope: StepScope): TfTensor;
}
