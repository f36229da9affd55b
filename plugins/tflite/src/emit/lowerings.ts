import {
  abs,
  add,
  averagePool2d,
  batchMatmul,
  batchNorm,
  concat,
  conv2d,
  dense,
  depthToSpace,
  depthwiseConv2d,
  dequantize,
  elu,
  flatten,
  hardSwish,
  leakyRelu,
  lower,
  lstm,
  maxPool2d,
  maximum,
  mean,
  minimum,
  mirrorPad,
  mul,
  pad,
  prelu,
  quantize,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceSum,
  relu,
  relu6,
  reshape,
  resizeBilinear,
  resizeNearest,
  sigmoid,
  slice,
  softmax,
  spaceToDepth,
  split,
  sub,
  svdf,
  swish,
  tanh,
  transpose,
  transposeConv2d,
} from '@whittle/core';
import type { BlockAttributes, Lowering } from '@whittle/core';
import { TFLITE, schema } from '@whittle/tflite-schema';
import { comparisonLowerings } from './comparison-lowerings.js';
import { elementwiseLowerings } from './elementwise-lowerings.js';
import { indexLowerings } from './index-lowerings.js';
import { normalizationLowerings } from './normalization-lowerings.js';

const {
  ABS,
  AVERAGE_POOL_2D,
  DEPTH_TO_SPACE,
  DEQUANTIZE,
  ELU,
  HARD_SWISH,
  LOGISTIC,
  MAX_POOL_2D,
  MEAN,
  REDUCE_MAX,
  REDUCE_MIN,
  REDUCE_PROD,
  RELU,
  RELU6,
  SPACE_TO_DEPTH,
  SUM,
  TANH,
} = schema.BuiltinOperator;

const convolution = () => import('./convolution.js');
const pooling = () => import('./pooling.js');
const elementwise = () => import('./elementwise.js');
const activation = () => import('./activation.js');
const shape = () => import('./shape.js');
const withConstant = () => import('./with-constant.js');

/** How every op of core is written. */
export const tfliteLowerings: readonly Lowering[] = [
  lower(TFLITE, conv2d, () => convolution().then((m) => m.emitConv2d)),
  lower(TFLITE, depthwiseConv2d, () => convolution().then((m) => m.emitDepthwiseConv2d)),
  lower(TFLITE, transposeConv2d, () =>
    import('./transpose-convolution.js').then((m) => m.emitTransposeConv2d),
  ),
  lower(TFLITE, dense, () => import('./dense.js').then((m) => m.emitDense)),
  lower(TFLITE, batchMatmul, () => elementwise().then((m) => m.emitBatchMatmul)),
  lower(TFLITE, svdf, () => import('./svdf.js').then((m) => m.emitSvdf)),
  lower(TFLITE, lstm, () => import('./lstm.js').then((m) => m.emitLstm)),
  lower(TFLITE, batchNorm, () => import('./normalization.js').then((m) => m.emitBatchNorm)),
  lower(TFLITE, abs, () => activation().then((m) => m.emitUnary(ABS, () => new schema.AbsOptionsT()))),
  lower(TFLITE, relu, () => activation().then((m) => m.emitUnary(RELU))),
  lower(TFLITE, relu6, () => activation().then((m) => m.emitUnary(RELU6))),
  lower(TFLITE, leakyRelu, () => activation().then((m) => m.emitLeakyRelu)),
  lower(TFLITE, elu, () => activation().then((m) => m.emitUnary(ELU))),
  lower(TFLITE, sigmoid, () => activation().then((m) => m.emitUnary(LOGISTIC))),
  lower(TFLITE, tanh, () => activation().then((m) => m.emitUnary(TANH))),
  lower(TFLITE, swish, () => activation().then((m) => m.emitSwish)),
  lower(TFLITE, hardSwish, () =>
    activation().then((m) => m.emitUnary(HARD_SWISH, () => new schema.HardSwishOptionsT())),
  ),
  ...elementwiseLowerings,
  lower(TFLITE, prelu, () => elementwise().then((m) => m.emitPrelu)),
  lower(TFLITE, softmax, () => activation().then((m) => m.emitSoftmax)),
  ...normalizationLowerings,
  ...indexLowerings,
  ...comparisonLowerings,
  lower(TFLITE, averagePool2d, () => pooling().then((m) => m.emitPool(AVERAGE_POOL_2D))),
  lower(TFLITE, maxPool2d, () => pooling().then((m) => m.emitPool(MAX_POOL_2D))),
  lower(TFLITE, mean, () => pooling().then((m) => m.emitReduction(MEAN))),
  lower(TFLITE, reduceMax, () => pooling().then((m) => m.emitReduction(REDUCE_MAX))),
  lower(TFLITE, reduceMin, () => pooling().then((m) => m.emitReduction(REDUCE_MIN))),
  lower(TFLITE, reduceProd, () => pooling().then((m) => m.emitReduction(REDUCE_PROD))),
  lower(TFLITE, reduceSum, () => pooling().then((m) => m.emitReduction(SUM))),
  lower(TFLITE, add, () => elementwise().then((m) => m.emitAdd)),
  lower(TFLITE, sub, () => elementwise().then((m) => m.emitSub)),
  lower(TFLITE, mul, () => elementwise().then((m) => m.emitMul)),
  lower(TFLITE, maximum, () => elementwise().then((m) => m.emitMaximum)),
  lower(TFLITE, minimum, () => elementwise().then((m) => m.emitMinimum)),
  lower(TFLITE, flatten, () => shape().then((m) => m.emitReshape)),
  lower(TFLITE, reshape, () => shape().then((m) => m.emitReshape)),
  lower(TFLITE, concat, () => shape().then((m) => m.emitConcat)),
  lower(TFLITE, pad, () => shape().then((m) => m.emitPad)),
  lower(TFLITE, slice, () => import('./slice.js').then((m) => m.emitSlice)),
  lower(TFLITE, split, () => import('./slice.js').then((m) => m.emitSplit)),
  lower(TFLITE, transpose, () => withConstant().then((m) => m.emitTranspose)),
  lower(TFLITE, mirrorPad, () => withConstant().then((m) => m.emitMirrorPad)),
  lower(TFLITE, resizeNearest, () => withConstant().then((m) => m.emitResizeNearest)),
  lower(TFLITE, resizeBilinear, () => withConstant().then((m) => m.emitResizeBilinear)),
  lower(TFLITE, depthToSpace, () =>
    activation().then((m) =>
      m.emitUnary<BlockAttributes>(
        DEPTH_TO_SPACE,
        ({ blockSize }) => new schema.DepthToSpaceOptionsT(blockSize),
      ),
    ),
  ),
  lower(TFLITE, spaceToDepth, () =>
    activation().then((m) =>
      m.emitUnary<BlockAttributes>(
        SPACE_TO_DEPTH,
        ({ blockSize }) => new schema.SpaceToDepthOptionsT(blockSize),
      ),
    ),
  ),
  lower(TFLITE, quantize, () => import('./quantize.js').then((m) => m.emitQuantize)),
  lower(TFLITE, dequantize, () =>
    activation().then((m) => m.emitUnary(DEQUANTIZE, () => new schema.DequantizeOptionsT())),
  ),
];
