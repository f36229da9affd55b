import { dequantize, lower, quantize } from '@whittle/core';
import { TRAIN } from '../lowering.js';
import type { TrainLowering } from '../lowering.js';

/** The identity, as in core's float evaluation; a model that is to be trained has none of these ops. */
const identity: TrainLowering = (_, [x]) => [x];

export const quantizeLowerings = [
  lower(TRAIN, quantize, () => identity),
  lower(TRAIN, dequantize, () => identity),
] as const;
