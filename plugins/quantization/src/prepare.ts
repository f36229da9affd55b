import { definePass } from '@whittle/core';
import { int8Structure, prepareStructure } from '@whittle/int8';
import { z } from 'zod';

/** Folds batch norms, fuses activations and decomposes what int8 lacks, so that calibration measures what is quantized. */
export const prepare = definePass({
  name: 'quantization/prepare',
  description: 'Folds batch norms, fuses relu and relu6 and decomposes ops that int8 lacks',
  options: z.object({}).strict().prefault({}),
  changes: ['structure', 'weights'],
  establishes: () => [int8Structure],
  run: (model, context) => prepareStructure(model, context.lowerings),
});
