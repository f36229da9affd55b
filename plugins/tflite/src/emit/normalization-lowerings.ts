import { l2Normalize, localResponseNorm, logSoftmax, lower } from '@whittle/core';
import type { LocalResponseNormAttributes, Lowering } from '@whittle/core';
import { TFLITE, schema } from '@whittle/tflite-schema';

const { L2_NORMALIZATION, LOCAL_RESPONSE_NORMALIZATION, LOG_SOFTMAX } = schema.BuiltinOperator;
const activation = () => import('./activation.js');

/** How normalizations that are operators of the format are written. The others are decomposed. */
export const normalizationLowerings: readonly Lowering[] = [
  lower(TFLITE, l2Normalize, () =>
    activation().then((m) => m.emitUnary(L2_NORMALIZATION, () => new schema.L2NormOptionsT())),
  ),
  lower(TFLITE, logSoftmax, () =>
    activation().then((m) => m.emitUnary(LOG_SOFTMAX, () => new schema.LogSoftmaxOptionsT())),
  ),
  lower(TFLITE, localResponseNorm, () =>
    activation().then((m) =>
      m.emitUnary<LocalResponseNormAttributes>(
        LOCAL_RESPONSE_NORMALIZATION,
        ({ radius, bias, alpha, beta }) =>
          new schema.LocalResponseNormalizationOptionsT(radius, bias, alpha, beta),
      ),
    ),
  ),
];
