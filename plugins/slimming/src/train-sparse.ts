import { definePass } from '@whittle/core';
import {
  crossEntropy,
  l1,
  scalesOnly,
  sgd,
  softThreshold,
  stepSchedule,
  termOption,
  trainingOptions,
  trainInPass,
  weightDecay,
} from '@whittle/train';
import { z } from 'zod';
import { rankedByScales } from './ranked-by-scales.js';
import { ScaleRecorder } from './scale-histograms.js';

const { shape } = trainingOptions;

/** Options of training, with those of Network Slimming. */
export const trainSparseOptions = trainingOptions.extend({
  /** Weight of the L1 term. The paper has 1e-4 for VGG-19, 1e-5 for ResNet-164 and DenseNet-40. */
  lambda: z.number().min(0).default(1e-4),
  /**
   * `subgradient` adds lambda sign(gamma) to the gradient, as the paper does; `proximal` shrinks scales by lambda times the
   * learning rate after each step, which reaches exact zeros.
   */
  method: z.enum(['subgradient', 'proximal']).default('subgradient'),
  /** On weights and scales. */
  weightDecay: z.number().min(0).default(1e-4),
  /** Nesterov's SGD unless told. */
  optimizer: shape.optimizer.default(() => sgd({ nesterov: true })),
  /** 0.1, a tenth of it after half of the steps and a hundredth after three quarters, unless told. */
  learningRate: shape.learningRate.default(() => stepSchedule({ initial: 0.1 })),
  terms: z
    .array(termOption)
    .nonempty()
    .default(() => [crossEntropy()]),
  /** Bins of the histograms. */
  bins: z.number().int().min(1).default(32),
});

/**
 * Trains a model with an L1 term on the scales of its batch norms (Liu et al. 2017, equation 1), by the paper's schedule
 * unless told. Reports what training reports, and histograms of |gamma| for each batch norm and epoch: `scales`.
 */
export const trainSparse = definePass({
  name: 'slimming/train-sparse',
  description:
    'Trains the model with an L1 term on its batch-norm scales, so that channels tell whether they matter',
  options: trainSparseOptions,
  changes: ['weights'],
  requires: () => [rankedByScales],
  async run(model, context, { lambda, method, weightDecay: decay, terms, bins, ...options }) {
    const recorder = new ScaleRecorder(model, options.learningRate, bins);
    const sparse = method === 'subgradient' && lambda > 0 ? [l1(lambda, scalesOnly)] : [];
    const shrunk = method === 'proximal' && lambda > 0 ? [softThreshold(lambda, scalesOnly)] : [];
    const { model: trained, report } = await trainInPass(model, context, 'sparse training', terms, {
      ...options,
      learningRate: recorder.learningRate,
      penalties: [...options.penalties, ...sparse, ...(decay > 0 ? [weightDecay(decay)] : [])],
      after: [...options.after, ...shrunk, recorder.proximal],
    });
    return { model: trained, report: { ...report, scales: recorder.histograms } };
  },
});
