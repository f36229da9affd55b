import {
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
import { depthToSpacePlan, spaceToDepthPlan, transposePlan } from '@whittle/int8';
import { KERNEL } from '@whittle/kernel-api';
import type { KernelLowering } from '@whittle/kernel-api';
import { unaryOps } from './unary-ops.js';
import { variants, withVariants } from '../variants/index.js';

const elementwise = () => import('./elementwise.js');
const pooling = () => import('./pooling.js');
const reduction = () => import('./reduction.js');
const shape = () => import('./shape.js');
const activation = () => import('./activation.js');
const quantization = () => import('./quantize.js');

/** An op's lowering: to portable C, or to a variant for the target's instruction set. */
function kernel<A>(op: OpDefinition<A>, portable: () => Promise<KernelLowering<A>>): Lowering {
  return lower(KERNEL, op, async () => withVariants(op, await portable(), variants));
}

/** C kernels for core's ops. */
export const kernelLowerings: readonly Lowering[] = [
  kernel(conv2d, () => import('./conv2d.js').then((m) => m.lowerConv2d)),
  kernel(depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.lowerDepthwiseConv2d)),
  kernel(transposeConv2d, async () => {
    const { lowerConv2d } = await import('./conv2d.js');
    const { lowerTransposeConv2d } = await import('./transpose-conv2d.js');
    return lowerTransposeConv2d(await withVariants(conv2d, lowerConv2d, variants));
  }),
  kernel(dense, () => import('./dense.js').then((m) => m.lowerDense)),
  kernel(batchMatmul, () => import('./batch-matmul.js').then((m) => m.lowerBatchMatmul)),
  kernel(lstm, () => import('./lstm.js').then((m) => m.lowerLstm)),
  kernel(svdf, () => import('./svdf.js').then((m) => m.lowerSvdf)),
  kernel(add, () => elementwise().then((m) => m.lowerAdd)),
  kernel(sub, () => elementwise().then((m) => m.lowerSub)),
  kernel(mul, () => elementwise().then((m) => m.lowerMul)),
  kernel(div, () => elementwise().then((m) => m.lowerDiv)),
  kernel(squaredDifference, () => elementwise().then((m) => m.lowerSquaredDifference)),
  kernel(maximum, () => elementwise().then((m) => m.lowerMaximum)),
  kernel(minimum, () => elementwise().then((m) => m.lowerMinimum)),
  kernel(prelu, () => elementwise().then((m) => m.lowerPrelu)),
  kernel(averagePool2d, () => pooling().then((m) => m.lowerAveragePool2d)),
  kernel(maxPool2d, () => pooling().then((m) => m.lowerMaxPool2d)),
  kernel(mean, () => reduction().then((m) => m.lowerMean)),
  kernel(reduceSum, () => reduction().then((m) => m.lowerReduceSum)),
  kernel(reduceMax, () => reduction().then((m) => m.lowerReduceMax)),
  kernel(reduceMin, () => reduction().then((m) => m.lowerReduceMin)),
  kernel(argMax, () => reduction().then((m) => m.lowerArgMax)),
  kernel(argMin, () => reduction().then((m) => m.lowerArgMin)),
  kernel(cumsum, () => reduction().then((m) => m.lowerCumsum)),
  kernel(softmax, () => activation().then((m) => m.lowerSoftmax)),
  kernel(logSoftmax, () => activation().then((m) => m.lowerLogSoftmax)),
  kernel(l2Normalize, () => activation().then((m) => m.lowerL2Normalize)),
  kernel(concat, () => shape().then((m) => m.lowerConcat)),
  kernel(pad, () => shape().then((m) => m.lowerPad)),
  kernel(mirrorPad, () => shape().then((m) => m.lowerMirrorPad)),
  kernel(slice, () => shape().then((m) => m.lowerSlice)),
  kernel(tile, () => shape().then((m) => m.lowerTile)),
  kernel(gather, () => import('./gather.js').then((m) => m.lowerGather)),
  kernel(split, () => shape().then((m) => m.lowerSplit)),
  kernel(transpose, () => shape().then((m) => m.lowerPermutation(transposePlan))),
  kernel(depthToSpace, () => shape().then((m) => m.lowerPermutation(depthToSpacePlan))),
  kernel(spaceToDepth, () => shape().then((m) => m.lowerPermutation(spaceToDepthPlan))),
  kernel(resizeNearest, () => import('./resize.js').then((m) => m.lowerResizeNearest)),
  kernel(resizeBilinear, () => import('./resize.js').then((m) => m.lowerResizeBilinear)),
  kernel(flatten, () => shape().then((m) => m.lowerView)),
  kernel(reshape, () => shape().then((m) => m.lowerView)),
  kernel(quantize, () => quantization().then((m) => m.lowerQuantize)),
  kernel(dequantize, () => quantization().then((m) => m.lowerDequantize)),
  ...unaryOps.map((op) =>
    kernel(op as OpDefinition<object>, () => activation().then((m) => m.lowerUnary(op))),
  ),
];
