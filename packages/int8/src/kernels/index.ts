import {
  activationOps,
  add,
  argMax,
  argMin,
  averagePool2d,
  batchMatmul,
  concat,
  conv2d,
  cumsum,
  dense,
  depthToSpace,
  depthwiseConv2d,
  dequantize,
  div,
  flatten,
  gather,
  l2Normalize,
  logSoftmax,
  lower,
  lstm,
  mathOps,
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
  reduceMin,
  reduceSum,
  reshape,
  resizeBilinear,
  resizeNearest,
  slice,
  softmax,
  spaceToDepth,
  split,
  squaredDifference,
  sub,
  svdf,
  tile,
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
  tilePlan,
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
import { prepareCumsum } from './cumulative-sum.js';
import { prepareDense } from './dense.js';
import {
  prepareAdd,
  prepareDiv,
  prepareMaximum,
  prepareMinimum,
  prepareMul,
  prepareSquaredDifference,
  prepareSub,
  prepareUnary,
} from './elementwise.js';
import { prepareArgMax, prepareArgMin, prepareGather } from './gather.js';
import { prepareL2Normalize } from './l2-normalization.js';
import { prepareLogSoftmax } from './log-softmax.js';
import { prepareLstm } from './lstm.js';
import { prepareAveragePool2d, prepareMaxPool2d } from './pooling.js';
import { preparePrelu } from './prelu.js';
import { prepareDequantize, prepareQuantize } from './quantize.js';
import { prepareMean, prepareReduceMax, prepareReduceMin, prepareReduceSum } from './reduction.js';
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
  lowerTo(div, prepareDiv),
  lowerTo(squaredDifference, prepareSquaredDifference),
  lowerTo(maximum, prepareMaximum),
  lowerTo(minimum, prepareMinimum),
  ...[...activationOps, ...mathOps]
    .filter(hasUnaryFunction)
    .map((op) => lowerTo(op as OpDefinition, prepareUnary(op))),
  lowerTo(prelu, preparePrelu),
  lowerTo(softmax, prepareSoftmax),
  lowerTo(logSoftmax, prepareLogSoftmax),
  lowerTo(l2Normalize, prepareL2Normalize),
  lowerTo(averagePool2d, prepareAveragePool2d),
  lowerTo(maxPool2d, prepareMaxPool2d),
  lowerTo(mean, prepareMean),
  lowerTo(reduceSum, prepareReduceSum),
  lowerTo(reduceMax, prepareReduceMax),
  lowerTo(reduceMin, prepareReduceMin),
  lowerTo(argMax, prepareArgMax),
  lowerTo(argMin, prepareArgMin),
  lowerTo(cumsum, prepareCumsum),
  lowerTo(flatten, prepareReshape),
  lowerTo(reshape, prepareReshape),
  lowerTo(concat, prepareConcat),
  lowerTo(pad, preparePad),
  lowerTo(mirrorPad, prepareSelection(mirrorPadPlan)),
  lowerTo(slice, prepareSlice),
  lowerTo(tile, prepareSelection(tilePlan)),
  lowerTo(gather, prepareGather),
  lowerTo(split, prepareSplit),
  lowerTo(transpose, preparePermutation(transposePlan)),
  lowerTo(depthToSpace, preparePermutation(depthToSpacePlan)),
  lowerTo(spaceToDepth, preparePermutation(spaceToDepthPlan)),
  lowerTo(resizeNearest, prepareSelection(resizeNearestPlan)),
  lowerTo(resizeBilinear, prepareResizeBilinear),
  lowerTo(quantize, prepareQuantize),
  lowerTo(dequantize, prepareDequantize),
];
