import type { CoreErrorCode } from '@whittle/core';

/**
 * The codes that train throws. LOSS_NOT_FINITE: the loss or a weight became NaN or infinite. CHECKPOINT_MISMATCH: a
 * checkpoint is of another run. MODEL_NOT_TRAINABLE: a parameter to be trained can't be.
 */
export type TrainErrorCode =
  CoreErrorCode | 'LOSS_NOT_FINITE' | 'CHECKPOINT_MISMATCH' | 'MODEL_NOT_TRAINABLE';
