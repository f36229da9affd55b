import type { Suite } from '../suite.js';
import { activationSuites, preluSuite, rsqrtSuite, softmaxSuite } from './activation.js';
import { batchMatmulSuite } from './batch-matmul.js';
import { conv2dSuite, depthwiseConv2dSuite } from './convolution.js';
import { denseSuite } from './dense.js';
import { elementwiseSuites } from './elementwise.js';
import { gatherSuite, tileSuite } from './gather.js';
import { lstmSuite } from './lstm.js';
import { longSumsSuite } from './long-sums.js';
import { networkSuite } from './network.js';
import { vectorSuites } from './normalization.js';
import { defaultSeeds } from './op-suite.js';
import { poolSuites } from './pooling.js';
import { dequantizeSuite, quantizeSuite, requantizeSuite, unsignedQuantizeSuite } from './quantize.js';
import { argExtremumSuites, cumsumSuite, reductionSuites } from './reduction.js';
import { resizeNearestSuite, resizeSuites } from './resize.js';
import { concatSuite, flattenSuite, padSuite, reshapeSuite } from './shape.js';
import { sliceSuite, splitSuite, transposeSuite } from './slice.js';
import { streamingSuite } from './streams.js';
import { svdfSuite } from './svdf.js';
import { transposeConv2dSuite } from './transpose-convolution.js';

export { lstmSuite, svdfSuite };

/**
 * One suite for each op of core that int8 models have: single-op models with random shapes, options, scales and zero
 * points, one case a seed.
 */
export function int8OpSuites(seeds: readonly number[] = defaultSeeds): Suite[] {
  return [
    conv2dSuite(seeds),
    depthwiseConv2dSuite(seeds),
    transposeConv2dSuite(seeds),
    denseSuite(seeds),
    batchMatmulSuite(seeds),
    svdfSuite(seeds),
    svdfSuite(seeds, 'int8'),
    lstmSuite(seeds),
    ...elementwiseSuites(seeds),
    ...activationSuites(seeds),
    rsqrtSuite(seeds),
    preluSuite(seeds),
    softmaxSuite(seeds),
    ...vectorSuites(seeds),
    ...poolSuites(seeds),
    ...reductionSuites(seeds),
    ...argExtremumSuites(seeds),
    cumsumSuite(seeds),
    concatSuite(seeds),
    reshapeSuite(seeds),
    flattenSuite(seeds),
    padSuite(seeds),
    sliceSuite(seeds),
    splitSuite(seeds),
    tileSuite(seeds),
    gatherSuite(seeds),
    transposeSuite(seeds),
    ...resizeSuites(seeds),
    requantizeSuite(seeds),
    unsignedQuantizeSuite(seeds, 'int8'),
    unsignedQuantizeSuite(seeds, 'uint8'),
    quantizeSuite(seeds),
    dequantizeSuite(seeds),
  ];
}

/**
 * As `int8OpSuites`, with int16 activations (and int8 weights), for the ops that have a form of these. Names end in `_int16`.
 */
export function int16OpSuites(seeds: readonly number[] = defaultSeeds): Suite[] {
  return [
    conv2dSuite(seeds, 'int16'),
    depthwiseConv2dSuite(seeds, 'int16'),
    transposeConv2dSuite(seeds, 'int16'),
    denseSuite(seeds, 'int16'),
    batchMatmulSuite(seeds, 'int16'),
    longSumsSuite(seeds),
    lstmSuite(seeds, 'int16'),
    ...elementwiseSuites(seeds, 'int16'),
    ...activationSuites(seeds, 'int16'),
    rsqrtSuite(seeds, 'int16'),
    preluSuite(seeds, 'int16'),
    softmaxSuite(seeds, 'int16'),
    ...poolSuites(seeds, 'int16'),
    ...reductionSuites(seeds, 'int16'),
    concatSuite(seeds, 'int16'),
    reshapeSuite(seeds, 'int16'),
    flattenSuite(seeds, 'int16'),
    padSuite(seeds, 'int16'),
    sliceSuite(seeds, 'int16'),
    splitSuite(seeds, 'int16'),
    tileSuite(seeds, 'int16'),
    transposeSuite(seeds, 'int16'),
    resizeNearestSuite(seeds, 'int16'),
    requantizeSuite(seeds, 'int16'),
    requantizeSuite(seeds, 'int8', 'int16'),
    requantizeSuite(seeds, 'int16', 'int8'),
    quantizeSuite(seeds, 'int16'),
    dequantizeSuite(seeds, 'int16'),
  ];
}

/** The suites of single ops, whole networks, and networks that keep states over a stream. */
export function int8Suites(seeds: readonly number[] = defaultSeeds): Suite[] {
  return [...int8OpSuites(seeds), networkSuite(seeds), streamingSuite(seeds)];
}
