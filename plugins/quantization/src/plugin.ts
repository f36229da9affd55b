import { definePlugin } from '@whittle/core';
import { calibrate } from './calibrate.js';
import { postTraining } from './post-training.js';
import { prepare } from './prepare.js';
import { quantize } from './quantize.js';

/** Post-training quantization to int8 as a plugin. */
export const quantization = definePlugin({
  name: 'quantization',
  passes: [prepare, calibrate, quantize, postTraining],
});
