import {
  abs,
  averagePool2d,
  elu,
  hardSwish,
  maxPool2d,
  maximum,
  mean,
  minimum,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceSum,
  relu,
  relu6,
  resizeBilinear,
  resizeNearest,
  sigmoid,
  tanh,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { readBatchMatmul } from './batch-matmul.js';
import { comparisonReaders } from './comparison-readers.js';
import { readConv2d, readDepthwiseConv2d } from './convolution.js';
import { readDense } from './dense.js';
import {
  readAdd,
  readDensify,
  readDequantize,
  readLeakyRelu,
  readMul,
  readNotFusing,
  readPrelu,
  readQuantize,
  readSoftmax,
  readSub,
  readUnary,
} from './elementwise.js';
import { elementwiseReaders } from './elementwise-readers.js';
import type { GraphReader } from './graph-reader.js';
import { indexReaders } from './index-readers.js';
import { normalizationReaders } from './normalization.js';
import { optionsOf } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { readDepthToSpace, readMirrorPad, readResize, readSpaceToDepth, readTranspose } from './rearrange.js';
import { readLstm } from './lstm.js';
import { readPool, readReduction } from './pooling.js';
import { readAssignVariable, readCallOnce, readReadVariable, readVarHandle } from './resource.js';
import { readExpandDims, readReshape, readSqueeze } from './reshape.js';
import { readConcat, readPack, readPad } from './shape.js';
import { shapeReaders } from './shape-readers.js';
import { readReverse, readSlice, readSplit, readSplitV, readUnpack } from './slice.js';
import { readStridedSlice } from './strided-slice.js';
import { readSvdf } from './svdf.js';
import { readTransposeConv2d } from './transpose-convolution.js';

/** Adds the nodes that an operator of the file stands for. */
export type OperatorReader = (o: OperatorView, graph: GraphReader) => void;

/** Readers by the operator's name in the file. */
export const operatorReaders: ReadonlyMap<string, OperatorReader> = new Map(
  Object.entries<OperatorReader>({
    ...elementwiseReaders,
    ...normalizationReaders,
    ...indexReaders,
    ...comparisonReaders,
    ...shapeReaders,
    ABS: readUnary(abs as OpDefinition),
    ADD: readAdd,
    ASSIGN_VARIABLE: readAssignVariable,
    AVERAGE_POOL_2D: readPool(averagePool2d),
    BATCH_MATMUL: readBatchMatmul,
    CALL_ONCE: readCallOnce,
    CONCATENATION: readConcat,
    CONV_2D: readConv2d,
    DENSIFY: readDensify,
    DEPTH_TO_SPACE: readDepthToSpace,
    DEPTHWISE_CONV_2D: readDepthwiseConv2d,
    DEQUANTIZE: readDequantize,
    ELU: readUnary(elu as OpDefinition),
    EXPAND_DIMS: readExpandDims,
    FULLY_CONNECTED: readDense,
    HARD_SWISH: readUnary(hardSwish as OpDefinition),
    LEAKY_RELU: readLeakyRelu,
    LOGISTIC: readUnary(sigmoid as OpDefinition),
    MAXIMUM: readNotFusing(maximum),
    MAX_POOL_2D: readPool(maxPool2d),
    MEAN: readReduction(mean),
    MINIMUM: readNotFusing(minimum),
    MIRROR_PAD: readMirrorPad,
    MUL: readMul,
    PACK: readPack,
    PAD: readPad,
    PADV2: readPad,
    PRELU: readPrelu,
    QUANTIZE: readQuantize,
    READ_VARIABLE: readReadVariable,
    REDUCE_MAX: readReduction(reduceMax),
    REDUCE_MIN: readReduction(reduceMin),
    REDUCE_PROD: readReduction(reduceProd),
    RELU: readUnary(relu as OpDefinition),
    RELU6: readUnary(relu6 as OpDefinition),
    RESHAPE: readReshape,
    RESIZE_BILINEAR: readResize(resizeBilinear, (o) => optionsOf(o, schema.ResizeBilinearOptionsT)),
    RESIZE_NEAREST_NEIGHBOR: readResize(resizeNearest, (o) =>
      optionsOf(o, schema.ResizeNearestNeighborOptionsT),
    ),
    REVERSE_V2: readReverse,
    SLICE: readSlice,
    SOFTMAX: readSoftmax,
    SPACE_TO_DEPTH: readSpaceToDepth,
    SPLIT: readSplit,
    SPLIT_V: readSplitV,
    SQUEEZE: readSqueeze,
    STRIDED_SLICE: readStridedSlice,
    SUB: readSub,
    SUM: readReduction(reduceSum),
    TANH: readUnary(tanh as OpDefinition),
    SVDF: readSvdf,
    TRANSPOSE: readTranspose,
    TRANSPOSE_CONV: readTransposeConv2d,
    UNIDIRECTIONAL_SEQUENCE_LSTM: readLstm,
    UNPACK: readUnpack,
    VAR_HANDLE: readVarHandle,
  }),
);
