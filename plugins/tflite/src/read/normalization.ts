import { l2Normalize, localResponseNorm, logSoftmax } from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { readUnary } from './elementwise.js';
import type { GraphReader } from './graph-reader.js';
import { optionsOf, readActivation, unreadable } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import type { OperatorView } from './operator-view.js';

function readL2Normalization(o: OperatorView, graph: GraphReader): void {
  const { fusedActivationFunction } = optionsOf(o, schema.L2NormOptionsT);
  if (readActivation(o, fusedActivationFunction) !== 'none')
    throw unreadable(o, 'a normalization with a fused activation has no counterpart');
  graph.addResult(o, l2Normalize, {}, [graph.input(o, 0)]);
}

function readLocalResponseNormalization(o: OperatorView, graph: GraphReader): void {
  const { radius, bias, alpha, beta } = optionsOf(o, schema.LocalResponseNormalizationOptionsT);
  graph.addResult(o, localResponseNorm, { radius, bias, alpha, beta }, [graph.input(o, 0)]);
}

/** Readers of normalizations. */
export const normalizationReaders: Readonly<Record<string, OperatorReader>> = {
  L2_NORMALIZATION: readL2Normalization,
  LOCAL_RESPONSE_NORMALIZATION: readLocalResponseNormalization,
  LOG_SOFTMAX: readUnary(logSoftmax as OpDefinition),
};
