import {
  averagePool2d,
  elu,
  hardSwish,
  maxPool2d,
  maximum,
  minimum,
  relu,
  relu6,
  sigmoid,
  tanh,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { readConv2d, readDepthwiseConv2d } from './convolution.js';
import { readDense } from './dense.js';
import {
  readAdd,
  readDequantize,
  readExtremum,
  readLeakyRelu,
  readMul,
  readQuantize,
  readSoftmax,
  readSub,
  readUnary,
} from './elementwise.js';
import type { GraphReader } from './graph-reader.js';
import type { OperatorView } from './operator-view.js';
import { readMean, readPool } from './pooling.js';
import { readConcat, readPad, readReshape } from './shape.js';

/** Adds the nodes that an operator of the file stands for. */
export type OperatorReader = (o: OperatorView, graph: GraphReader) => void;

/** Readers by the operator's name in the file. */
export const operatorReaders: ReadonlyMap<string, OperatorReader> = new Map(
  Object.entries<OperatorReader>({
    ADD: readAdd,
    AVERAGE_POOL_2D: readPool(averagePool2d),
    CONCATENATION: readConcat,
    CONV_2D: readConv2d,
    DEPTHWISE_CONV_2D: readDepthwiseConv2d,
    DEQUANTIZE: readDequantize,
    ELU: readUnary(elu as OpDefinition),
    EXPAND_DIMS: readReshape,
    FULLY_CONNECTED: readDense,
    HARD_SWISH: readUnary(hardSwish as OpDefinition),
    LEAKY_RELU: readLeakyRelu,
    LOGISTIC: readUnary(sigmoid as OpDefinition),
    MAXIMUM: readExtremum(maximum),
    MAX_POOL_2D: readPool(maxPool2d),
    MEAN: readMean,
    MINIMUM: readExtremum(minimum),
    MUL: readMul,
    PAD: readPad,
    PADV2: readPad,
    QUANTIZE: readQuantize,
    RELU: readUnary(relu as OpDefinition),
    RELU6: readUnary(relu6 as OpDefinition),
    RESHAPE: readReshape,
    SOFTMAX: readSoftmax,
    SQUEEZE: readReshape,
    SUB: readSub,
    TANH: readUnary(tanh as OpDefinition),
  }),
);
