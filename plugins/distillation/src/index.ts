import { definePlugin } from '@whittle/core';
import { fineTune } from './fine-tune.js';

export * from './fine-tune.js';
export * from './hints.js';
export * from './soft-targets.js';

/** Knowledge distillation: the pass `distillation/fine-tune`, and terms for train's `fit`. */
export const distillation = definePlugin({ name: 'distillation', passes: [fineTune] });
