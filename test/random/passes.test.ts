import { expect, it } from 'vitest';
import * as core from '@whittle/core';
import * as distillation from '@whittle/distillation';
import * as int8 from '@whittle/int8';
import * as quantization from '@whittle/quantization';
import * as slimming from '@whittle/slimming';
import * as train from '@whittle/train';

/** Passes that the checks beside this run on random models. */
const checked = [
  'core/fold-batch-norm',
  'core/fuse-activations',
  'core/separate-activations',
  'int8/remove-idle-channels',
  'quantization/prepare',
  'quantization/calibrate',
  'quantization/quantize',
  'quantization/post-training',
  'slimming/prune-channels',
];

/** They need labelled examples of something to learn. */
const training = ['train/fit', 'distillation/fine-tune', 'slimming/train-sparse', 'slimming/multi-pass'];

/** They set parameters, whatever these were. */
const forgetting = ['slimming/initialize-scales', 'slimming/reinitialize'];

it('there is no pass that random models do not go through, but for training and what sets parameters', () => {
  const exported = [core, distillation, int8, quantization, slimming, train].flatMap((module) =>
    Object.values(module as Readonly<Record<string, unknown>>),
  );
  const names = exported.flatMap((each) => {
    const { definition } = (each ?? {}) as { readonly definition?: { readonly name?: unknown } };
    return typeof definition?.name === 'string' ? [definition.name] : [];
  });
  expect([...new Set(names)].sort()).toEqual([...checked, ...training, ...forgetting].sort());
});
