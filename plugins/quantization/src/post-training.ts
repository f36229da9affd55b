import { definePass, sequence } from '@whittle/core';
import { z } from 'zod';
import { calibrate, calibrateOptions } from './calibrate.js';
import { int8Quantized } from './int8-quantized.js';
import { prepare } from './prepare.js';
import { quantize, quantizeOptions } from './quantize.js';

/** Options of calibration and of quantization together. */
export const postTrainingOptions = z.object({ ...calibrateOptions.shape, ...quantizeOptions.shape }).strict();

/** Post-training quantization in one step: quantization/prepare, /calibrate and /quantize, one after the other. */
export const postTraining = definePass({
  name: 'quantization/post-training',
  description: 'Prepares, calibrates and quantizes a float model to int8',
  options: postTrainingOptions,
  changes: ['structure', 'weights', 'types'],
  establishes: () => [int8Quantized],
  run(model, context, { data, observer, batches, ...quantization }) {
    const passes = [prepare(), calibrate({ data, observer, batches }), quantize(quantization)];
    return sequence('quantization/post-training', passes).run(model, context);
  },
});
