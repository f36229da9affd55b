import type { OpDefinition } from '../op.js';
import { activationOps } from './activation.js';
import { conv2d, depthwiseConv2d } from './convolution.js';
import { dense } from './dense.js';
import { binaryOps } from './elementwise.js';
import { batchNorm, softmax } from './normalization.js';
import { averagePool2d, maxPool2d, mean } from './pooling.js';
import { dequantize, quantize } from './quantize.js';
import { shapeOps } from './shape.js';

export * from './activation.js';
export * from './broadcast.js';
export * from './convolution.js';
export * from './dense.js';
export * from './elementwise.js';
export * from './fused-activation.js';
export * from './normalization.js';
export * from './pooling.js';
export * from './quantize.js';
export * from './shape.js';
export * from './window.js';

/** Every op that core defines. */
export const coreOps: readonly OpDefinition[] = [
  conv2d,
  depthwiseConv2d,
  dense,
  batchNorm,
  ...activationOps,
  softmax,
  averagePool2d,
  maxPool2d,
  mean,
  ...binaryOps,
  ...shapeOps,
  quantize,
  dequantize,
];
