import type * as tfjs from '@tensorflow/tfjs';
import { depthToSpace, gather, lower, mirrorPad, resizeNearest, slice, spaceToDepth } from '@whittle/core';
import { split, tile, transpose } from '@whittle/core';
import type {
  BlockAttributes,
  GatherAttributes,
  SelectionOp,
  SplitAttributes,
  TransposeAttributes,
} from '@whittle/core';
import { TRAIN, trainLowering } from '../lowering.js';
import type { TrainLowering } from '../lowering.js';
import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** Ops that pick elements: one gather for each axis, which has a gradient where a strided slice has none. */
function selection<A>(op: SelectionOp<A>) {
  const lowering = trainLowering<A>((n, [x], { tf }) =>
    op.indices(n).reduce((picked: TfTensor, indices, axis) => pick(tf, picked, indices, axis), tf.clone(x)),
  );
  return () => lowering;
}

function pick(tf: TensorFlow, x: TfTensor, indices: readonly number[] | undefined, axis: number): TfTensor {
  return indices ? tf.gather(x, tf.tensor1d([...indices], 'int32'), axis) : x;
}

const lowerSplit: TrainLowering = (n, [x], { tf }) => {
  const { axis, sizes } = n.attributes as SplitAttributes;
  return tf.split(x, [...sizes], axis);
};

const lowerTranspose = trainLowering<TransposeAttributes>((n, [x], { tf }) =>
  tf.transpose(x, [...n.attributes.permutation]),
);

const lowerDepthToSpace = trainLowering<BlockAttributes>((n, [x], { tf }) => {
  const [batch, height, width, channels] = x.shape;
  const b = n.attributes.blockSize;
  const rest = channels / b ** 2;
  const blocks = tf.transpose(tf.reshape(x, [batch, height, width, b, b, rest]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(blocks, [batch, height * b, width * b, rest]);
});

const lowerSpaceToDepth = trainLowering<BlockAttributes>((n, [x], { tf }) => {
  const [batch, height, width, channels] = x.shape;
  const b = n.attributes.blockSize;
  const [rows, columns] = [height / b, width / b];
  const pixels = tf.transpose(tf.reshape(x, [batch, rows, b, columns, b, channels]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(pixels, [batch, rows, columns, channels * b ** 2]);
});

const lowerGather = trainLowering<GatherAttributes>((n, [x, indices], { tf }) =>
  tf.gather(x, indices as tfjs.Tensor, n.attributes.axis),
);

export const selectionLowerings = [
  lower(TRAIN, gather, () => lowerGather),
  lower(TRAIN, tile, selection(tile)),
  lower(TRAIN, slice, selection(slice)),
  lower(TRAIN, mirrorPad, selection(mirrorPad)),
  lower(TRAIN, resizeNearest, selection(resizeNearest)),
  lower(TRAIN, split, () => lowerSplit),
  lower(TRAIN, transpose, () => lowerTranspose),
  lower(TRAIN, depthToSpace, () => lowerDepthToSpace),
  lower(TRAIN, spaceToDepth, () => lowerSpaceToDepth),
] as const;
