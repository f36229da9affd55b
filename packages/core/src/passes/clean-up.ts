import type { Model } from '../model.js';
import { isOp } from '../op.js';
import { batchNorm, relu, relu6 } from '../ops/index.js';
import { foldBatchNorm } from './fold-batch-norm.js';
import { fuseActivations } from './fuse-activations.js';

/** What a clean-up did. */
export interface CleanUp {
  readonly model: Model;
  /** How many batch normalizations are gone: into the layers before them, or as a multiplication and an addition. */
  readonly foldedBatchNorms: number;
  /** How many relu and relu6 the ops before them carry now. */
  readonly fusedActivations: number;
}

/**
 * What is done to a model that was trained before it is deployed: batch normalizations are folded, relu and relu6 fused into
 * the op before them. Floats change by rounding alone; where the value before an activation is an integer nothing is fused, so
 * that results of integer models are the same to the bit.
 */
export function cleanUp(model: Model): CleanUp {
  const cleaned = fuseActivations(foldBatchNorm(model), (_, { dtype }) => dtype === 'float32');
  return {
    model: cleaned,
    foldedBatchNorms: count(model, [batchNorm]) - count(cleaned, [batchNorm]),
    fusedActivations: count(model, [relu, relu6]) - count(cleaned, [relu, relu6]),
  };
}

function count({ nodes }: Model, ops: readonly Parameters<typeof isOp>[1][]): number {
  return nodes.filter((node) => ops.some((op) => isOp(node, op))).length;
}
