import { loweringKey } from '@whittle/core';
import type { Id, LoweringKey, NodeView, RandomStream } from '@whittle/core';
import type { TensorFlow, TfTensor } from './tensorflow.js';

/** In 'training' batch norms use the batch's statistics and update the running ones; in 'inference' the running ones. */
export type Mode = 'training' | 'inference';

/** What a lowering works with, beside its node and operands. */
export interface LoweringScope {
  readonly tf: TensorFlow;
  readonly mode: Mode;
  /** How much of running statistics one batch leaves in place, above 0 and below 1. */
  readonly statisticsMomentum: number;
  /** Draws of this step, for ops that need them in training (dropout); in inference there are none to be made. */
  readonly random: RandomStream;
  /** Gives a parameter that isn't trained, such as a running mean, the value that it has from the next use on. */
  setStatistic(id: Id, value: TfTensor): void;
}

/**
 * An op as differentiable tfjs ops: operands in, results out, in the order of the op's definition. Gradients come from
 * tfjs's tape, through `scope.tf` ops or kernels with a registered gradient.
 */
export type TrainLowering = (
  n: NodeView,
  inputs: readonly TfTensor[],
  scope: LoweringScope,
) => readonly TfTensor[];

/** Lowerings to tfjs: what an op needs to be trained, and to be evaluated by `tfjsEvaluator`. */
export const TRAIN: LoweringKey<TrainLowering> = loweringKey('train');

/** Writes a lowering with its op's attributes typed. */
export function trainLowering<A>(
  run: (n: NodeView<A>, inputs: readonly TfTensor[], scope: LoweringScope) => TfTensor,
): TrainLowering {
  return (n, inputs, scope) => [run(n as NodeView<A>, inputs, scope)];
}
