import * as core from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import type { Case } from './op-cases.fixture.js';

const image = [3, 2, 4];
const affine = (shape: readonly number[]): Case['parameters'] => [
  ['scale', shape],
  ['offset', shape],
];

/** Ops that normalize what they are given. */
export const normalizationCases: readonly Case[] = [
  {
    op: core.batchNorm,
    attributes: { epsilon: 1e-3 },
    input: [7, 6, 4],
    parameters: [
      ['scale', [4]],
      ['offset', [4]],
      ['mean', [4]],
      ['variance', [4]],
    ],
  },
  { op: core.instanceNorm, attributes: { epsilon: 1e-3 }, input: image, parameters: affine([4]) },
  { op: core.groupNorm, attributes: { groups: 2, epsilon: 1e-3 }, input: image, parameters: affine([4]) },
  { op: core.layerNorm, attributes: { axis: 3, epsilon: 1e-3 }, input: image, parameters: affine([4]) },
  {
    op: core.layerNorm,
    label: 'of an image',
    attributes: { axis: 1, epsilon: 1e-3 },
    input: image,
    parameters: affine(image),
  },
  { op: core.l2Normalize as OpDefinition, attributes: {}, input: [3, 8] },
  { op: core.logSoftmax as OpDefinition, attributes: {}, input: [3, 8] },
  {
    op: core.localResponseNorm,
    attributes: { radius: 2, bias: 1, alpha: 0.1, beta: 0.75 },
    input: [3, 2, 8],
  },
  { op: core.softmax, attributes: { beta: 1 }, input: [9] },
  { op: core.softmax, label: 'beta 2, rank 3', attributes: { beta: 2 }, input: [3, 4] },
];
