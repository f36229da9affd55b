import {
  add,
  averagePool2d,
  concat,
  conv2d,
  dense,
  depthwiseConv2d,
  dequantize,
  elu,
  flatten,
  hardSwish,
  leakyRelu,
  lower,
  maximum,
  maxPool2d,
  mean,
  minimum,
  mul,
  pad,
  quantize,
  relu,
  relu6,
  reshape,
  sigmoid,
  softmax,
  sub,
  tanh,
} from '@whittle/core';
import type { Lowering, OpDefinition } from '@whittle/core';
import { KERNEL } from '@whittle/kernel-api';

const elementwise = () => import('./elementwise.js');
const pooling = () => import('./pooling.js');
const shape = () => import('./shape.js');
const activation = () => import('./activation.js');
const quantization = () => import('./quantize.js');

const unaryOps = [relu, relu6, leakyRelu, elu, sigmoid, tanh, hardSwish] as const;

/** C kernels for core's ops. */
export const kernelLowerings: readonly Lowering[] = [
  lower(KERNEL, conv2d, () => import('./conv2d.js').then((m) => m.lowerConv2d)),
  lower(KERNEL, depthwiseConv2d, () => import('./depthwise-conv2d.js').then((m) => m.lowerDepthwiseConv2d)),
  lower(KERNEL, dense, () => import('./dense.js').then((m) => m.lowerDense)),
  lower(KERNEL, add, () => elementwise().then((m) => m.lowerAdd)),
  lower(KERNEL, sub, () => elementwise().then((m) => m.lowerSub)),
  lower(KERNEL, mul, () => elementwise().then((m) => m.lowerMul)),
  lower(KERNEL, maximum, () => elementwise().then((m) => m.lowerMaximum)),
  lower(KERNEL, minimum, () => elementwise().then((m) => m.lowerMinimum)),
  lower(KERNEL, averagePool2d, () => pooling().then((m) => m.lowerAveragePool2d)),
  lower(KERNEL, maxPool2d, () => pooling().then((m) => m.lowerMaxPool2d)),
  lower(KERNEL, mean, () => pooling().then((m) => m.lowerMean)),
  lower(KERNEL, softmax, () => activation().then((m) => m.lowerSoftmax)),
  lower(KERNEL, concat, () => shape().then((m) => m.lowerConcat)),
  lower(KERNEL, pad, () => shape().then((m) => m.lowerPad)),
  lower(KERNEL, flatten, () => shape().then((m) => m.lowerView)),
  lower(KERNEL, reshape, () => shape().then((m) => m.lowerView)),
  lower(KERNEL, quantize, () => quantization().then((m) => m.lowerQuantize)),
  lower(KERNEL, dequantize, () => quantization().then((m) => m.lowerDequantize)),
  ...unaryOps.map((op) =>
    lower(KERNEL, op as OpDefinition, () => activation().then((m) => m.lowerUnary(op))),
  ),
];
