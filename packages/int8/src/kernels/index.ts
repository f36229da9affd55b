import {
  activationOps,
  add,
  averagePool2d,
  batchMatmul,
  concat,
  conv2d,
  dense,
  depthToSpace,
  depthwiseConv2d,
  dequantize,
  flatten,
  lower,
  lstm,
  maximum,
  maxPool2d,
  mean,
  minimum,
  mirrorPad,
  mul,
  pad,
  prelu,
  quantize,
  reduceMax,
  reshape,
  resizeBilinear,
  resizeNearest,
  slice,
  softmax,
  spaceToDepth,
  split,
  sub,
  svdf,
  transpose,
  transposeConv2d,
} from '@whittle/core';
import type { Lowering, OpDefinition } from '@whittle/core';
import { INT8 } from '../lowering.js';
import type { Int8Lowering } from '../lowering.js';
import { hasUnaryFunction } from '../tables/unary-table.js';
import {
  depthToSpacePlan,
  mirrorPadPlan,
  resizeNearestPlan,
  spaceToDepthPlan,
  transposePlan,
} from '../plans/data-movement.js';
import { prepareBatchMatmul } from './batch-matmul.js';
import { prepareConv2d, prepareDepthwiseConv2d } from './convolution.js';
import {
  prepareConcat,
  preparePad,
  preparePermutation,
  prepareReshape,
  prepareSelection,
  prepareSlice,
  prepareSplit,
} from './data-movement.js';
import { prepareDense } from './dense.js';
import {
  prepareAdd,
  prepareMaximum,
  prepareMinimum,
  prepareMul,
  prepareSub,
  prepareUnary,
} from './elementwise.js';
import { prepareLstm } from './lstm.js';
import { prepareAveragePool2d, prepareMaxPool2d, prepareMean, prepareReduceMax } from './pooling.js';
import { preparePrelu } from './prelu.js';
import { prepareDequantize, prepareQuantize } from './quantize.js';
import { prepareResizeBilinear } from './resize-bilinear.js';
import { prepareSoftmax } from './softmax.js';
import { prepareSvdf } from './svdf.js';
import { prepareTransposeConv2d } from './transpose-convolution.js';

const lowerTo = <A>(op: OpDefinition<A>, prepare: Int8Lowering) => lower(INT8, op, () => prepare);

/** Integer evaluation of every core op that TFLite Micro has in int8, and in int16 where it has that. */
export const int8Lowerings: readonly Lowering<Int8Lowering>[] = [
  lowerTo(conv2d, prepareConv2d),
  lowerTo(depthwiseConv2d, prepareDepthwiseConv2d),
  lowerTo(transposeConv2d, prepareTransposeConv2d),
  lowerTo(dense, prepareDense),
  lowerTo(batchMatmul, prepareBatchMatmul),
  lowerTo(svdf, prepareSvdf),
  lowerTo(lstm, prepareLstm),
  lowerTo(add, prepareAdd),
  lowerTo(sub, prepareSub),
  lowerTo(mul, prepareMul),
  lowerTo(maximum, prepareMaximum),
  lowerTo(minimum, prepareMinimum),
  ...activationOps.filter(hasUnaryFunction).map((op) => lowerTo(op as OpDefinition, prepareUnary(op))),
  lowerTo(prelu, preparePrelu),
  lowerTo(softmax, prepareSoftmax),
  lowerTo(averagePool2d, prepareAveragePool2d),
  lowerTo(maxPool2d, prepareMaxPool2d),
  lowerTo(mean, prepareMean),
  lowerTo(reduceMax, prepareReduceMax),
  lowerTo(flatten, prepareReshape),
  lowerTo(reshape, prepareReshape),
  lowerTo(concat, prepareConcat),
  lowerTo(pad, preparePad),
  lowerTo(mirrorPad, prepareSelection(mirrorPadPlan)),
  lowerTo(slice, prepareSlice),
  lowerTo(split, prepareSplit),
  lowerTo(transpose, preparePermutation(transposePlan)),
  lowerTo(depthToSpace, preparePermutation(depthToSpacePlan)),
  lowerTo(spaceToDepth, preparePermutation(spaceToDepthPlan)),
  lowerTo(resizeNearest, prepareSelection(resizeNearestPlan)),
  lowerTo(resizeBilinear, prepareResizeBilinear),
  lowerTo(quantize, prepareQuantize),
  lowerTo(dequantize, prepareDequantize),
];
