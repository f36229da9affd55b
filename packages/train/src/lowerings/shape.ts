import { concat, concrete, flatten, lower, pad, reshape, sizeOf } from '@whittle/core';
import type { Dim } from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';

const lowerFlatten = trainLowering((_, [x], { tf }) => tf.reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]));

const lowerReshape = trainLowering<{ shape: Dim[] }>((n, [x], { tf }) =>
  tf.reshape(x, concrete(n.attributes.shape, x.size / sizeOf(concrete(n.attributes.shape)))),
);

const lowerConcat = trainLowering<{ axis: number }>((n, inputs, { tf }) =>
  tf.concat([...inputs], n.attributes.axis),
);

const lowerPad = trainLowering<{ paddings: [number, number][]; value: number }>((n, [x], { tf }) =>
  tf.pad(x, n.attributes.paddings, n.attributes.value),
);

export const shapeLowerings = [
  lower(TRAIN, flatten, () => lowerFlatten),
  lower(TRAIN, reshape, () => lowerReshape),
  lower(TRAIN, concat, () => lowerConcat),
  lower(TRAIN, pad, () => lowerPad),
] as const;
