import { LoweringTable } from '@whittle/core';
import type { Lowering } from '@whittle/core';
import { activationLowerings } from './activation.js';
import { castLowerings } from './cast.js';
import { comparisonLowerings } from './comparison.js';
import { convolutionLowerings } from './convolution.js';
import { denseLowerings } from './dense.js';
import { elementwiseLowerings } from './elementwise.js';
import { mathLowerings } from './math.js';
import { matmulLowerings } from './matmul.js';
import { normalizationLowerings } from './normalization.js';
import { poolingLowerings } from './pooling.js';
import { quantizeLowerings } from './quantize.js';
import { reductionLowerings } from './reduction.js';
import { resizeLowerings } from './resize.js';
import { selectionLowerings } from './selection.js';
import { shapeLowerings } from './shape.js';

/** How core's ops are trained. Plugins bring lowerings of their own ops. */
export const coreTrainLowerings: readonly Lowering[] = [
  ...convolutionLowerings,
  ...denseLowerings,
  ...normalizationLowerings,
  ...activationLowerings,
  ...mathLowerings,
  ...poolingLowerings,
  ...reductionLowerings,
  ...elementwiseLowerings,
  ...shapeLowerings,
  ...selectionLowerings,
  ...resizeLowerings,
  ...matmulLowerings,
  ...quantizeLowerings,
  ...castLowerings,
  ...comparisonLowerings,
];

export const coreTrainTable = new LoweringTable(coreTrainLowerings);
