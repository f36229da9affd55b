import { cast, lower, unsupported } from '@whittle/core';
import type { CastAttributes } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';

const lowerCast = trainLowering<CastAttributes>((n, [x], { tf }) => {
  const { dtype } = n.attributes;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw unsupported(TRAIN.name, cast, n);
  return tf.cast(x, dtype);
});

export const castLowerings = [lower(TRAIN, cast, () => lowerCast)] as const;
