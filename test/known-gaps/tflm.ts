import type { KnownGap } from '@whittle/testkit';

/** What TensorFlow Lite Micro can't do, or does otherwise than the integer evaluation: every suite passes. */
export const tflmGaps: readonly KnownGap[] = [];
