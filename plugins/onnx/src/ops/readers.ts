import { binaryReaders } from './binary.js';
import { blockReaders } from './blocks.js';
import { comparisonReaders } from './comparison.js';
import { convolutionReaders } from './convolution.js';
import { matrixProductReaders } from './matrix-product.js';
import { normalizationReaders } from './normalization.js';
import type { OpReader, OpReaders } from './op-reader.js';
import { padReaders } from './pad.js';
import { poolingReaders } from './pooling.js';
import { quantizationReaders } from './quantization.js';
import { recurrentReaders } from './recurrent.js';
import { reductionReaders } from './reduction.js';
import { reshapeReaders } from './reshape.js';
import { resizeReaders } from './resize.js';
import { selectionReaders } from './selection.js';
import { transposeConvolutionReaders } from './transpose-convolution.js';
import { typeReaders } from './types.js';
import { unaryReaders } from './unary.js';

const readers: OpReaders = {
  ...binaryReaders,
  ...blockReaders,
  ...comparisonReaders,
  ...convolutionReaders,
  ...matrixProductReaders,
  ...normalizationReaders,
  ...padReaders,
  ...poolingReaders,
  ...quantizationReaders,
  ...recurrentReaders,
  ...reductionReaders,
  ...reshapeReaders,
  ...resizeReaders,
  ...selectionReaders,
  ...transposeConvolutionReaders,
  ...typeReaders,
  ...unaryReaders,
};

export function readerOf(op: string): OpReader | undefined {
  return Object.hasOwn(readers, op) ? readers[op] : undefined;
}
