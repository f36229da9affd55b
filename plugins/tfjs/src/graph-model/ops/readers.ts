import { arithmeticReaders } from './arithmetic.js';
import { comparisonReaders } from './comparison.js';
import { convolutionReaders } from './convolution.js';
import { dilationReaders } from './dilation.js';
import { imageReaders } from './image.js';
import { knownReaders } from './known.js';
import { matrixProductReaders } from './matrix-product.js';
import type { OpReader, OpReaders } from './op-reader.js';
import { passingReaders } from './pass-on.js';
import { reductionReaders } from './reduction.js';
import { selectionReaders } from './selection.js';
import { shapeReaders } from './shape.js';

const readers: OpReaders = {
  ...arithmeticReaders,
  ...comparisonReaders,
  ...convolutionReaders,
  ...dilationReaders,
  ...imageReaders,
  ...knownReaders,
  ...matrixProductReaders,
  ...passingReaders,
  ...reductionReaders,
  ...selectionReaders,
  ...shapeReaders,
};

/** How nodes of an op are read; undefined where they can't be. */
export function readerOf(op: string): OpReader | undefined {
  return Object.hasOwn(readers, op) ? readers[op] : undefined;
}
