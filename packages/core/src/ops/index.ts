import type { OpDefinition } from '../op.js';
import { activationOps } from './activation.js';
import { argMax, argMin } from './arg-extremum.js';
import { batchMatmul } from './batch-matmul.js';
import { conv2d, depthwiseConv2d } from './convolution.js';
import { cast } from './cast.js';
import { comparisonOps } from './comparison.js';
import { cumsum } from './cumulative-sum.js';
import { dense } from './dense.js';
import { binaryOps } from './elementwise.js';
import { gather } from './gather.js';
import { groupNorm, instanceNorm } from './instance-normalization.js';
import { layerNorm } from './layer-normalization.js';
import { logicalOps } from './logical.js';
import { mathOps } from './math.js';
import { lstm } from './lstm.js';
import { mirrorPad } from './mirror-pad.js';
import { batchNorm, softmax } from './normalization.js';
import { depthToSpace, spaceToDepth, transpose } from './permute.js';
import { piecewiseActivationOps } from './piecewise-activation.js';
import { averagePool2d, maxPool2d } from './pooling.js';
import { prelu } from './prelu.js';
import { dequantize, quantize } from './quantize.js';
import { reductionOps } from './reduction.js';
import { resizeBilinear, resizeNearest } from './resize.js';
import { shapeOps } from './shape.js';
import { slice, split } from './slice.js';
import { smoothActivationOps } from './smooth-activation.js';
import { tile } from './tile.js';
import { svdf } from './svdf.js';
import { transposeConv2d } from './transpose-convolution.js';
import { vectorNormalizationOps } from './vector-normalization.js';
import { where } from './where.js';

export * from './activation.js';
export * from './arg-extremum.js';
export * from './batch-matmul.js';
export * from './broadcast.js';
export * from './cast.js';
export * from './comparison.js';
export * from './convolution.js';
export * from './cumulative-sum.js';
export * from './dense.js';
export * from './elementwise.js';
export * from './fused-activation.js';
export * from './gather.js';
export * from './instance-normalization.js';
export * from './layer-normalization.js';
export * from './logical.js';
export * from './lstm.js';
export * from './math.js';
export * from './mirror-pad.js';
export * from './normalization.js';
export * from './permute.js';
export * from './piecewise-activation.js';
export * from './pooling.js';
export * from './prelu.js';
export * from './quantize.js';
export * from './reduction.js';
export * from './resize.js';
export * from './selection.js';
export * from './shape.js';
export * from './slice.js';
export * from './smooth-activation.js';
export * from './svdf.js';
export * from './tile.js';
export * from './transpose-convolution.js';
export * from './unary.js';
export * from './vector-normalization.js';
export * from './where.js';
export * from './window.js';

/** Every op that core defines. */
export const coreOps: readonly OpDefinition[] = [
  conv2d,
  depthwiseConv2d,
  transposeConv2d,
  dense,
  batchMatmul,
  svdf,
  lstm,
  batchNorm,
  instanceNorm,
  groupNorm,
  layerNorm,
  ...vectorNormalizationOps,
  ...activationOps,
  ...smoothActivationOps,
  ...piecewiseActivationOps,
  ...mathOps,
  prelu,
  softmax,
  averagePool2d,
  maxPool2d,
  ...reductionOps,
  argMax,
  argMin,
  cumsum,
  ...binaryOps,
  ...comparisonOps,
  ...logicalOps,
  where,
  ...shapeOps,
  slice,
  split,
  tile,
  gather,
  transpose,
  depthToSpace,
  spaceToDepth,
  mirrorPad,
  resizeNearest,
  resizeBilinear,
  quantize,
  dequantize,
  cast,
];
