import { batchNorm, coreOps, decompose, foldBatchNorm, fuseActivations, LoweringTable } from '@whittle/core';
import type { Finding, Model, OpDefinition, Property } from '@whittle/core';
import { int8Lowerings } from '../kernels/index.js';
import { INT8 } from '../lowering.js';
import { appliesNoActivation, separateUnappliedActivations } from './separate-activations.js';

const builtIn = new LoweringTable(int8Lowerings);

/**
 * Brings a float model to the nodes that will be quantized, without changing what it computes but for rounding: ops that
 * int8 lacks are decomposed (`lowerings` has plugins' ops beside core's), batch norms folded, relu and relu6 fused into the
 * op before them. Ranges are to be measured on this model: the range of a value that is fused away says nothing.
 */
export function prepareStructure(model: Model, lowerings?: LoweringTable): Model {
  return restructure(model, (op) => builtIn.has(INT8, op) || lowerings?.has(INT8, op) === true);
}

function restructure(model: Model, supported: (op: OpDefinition) => boolean): Model {
  const decomposed = decompose(model, (op) => op.name === batchNorm.name || supported(op));
  return fuseActivations(
    separateUnappliedActivations(foldBatchNorm(decomposed)),
    (op) => !appliesNoActivation(op),
  );
}

/** The model has the nodes that will be quantized: `prepareStructure` leaves it as it is. */
export const int8Structure: Property = {
  name: 'int8-structure',
  args: {},
  dependsOn: ['structure'],
  check(model): Finding | undefined {
    // What becomes of ops that aren't core's depends on the plugins at hand.
    const isForeign = (op: OpDefinition) => !coreOps.some((known) => known.name === op.name);
    const prepared = restructure(model, (op) => builtIn.has(INT8, op) || isForeign(op));
    if (prepared === model) return undefined;
    const kept = new Set(prepared.nodes);
    const node = model.nodes.find((n) => !kept.has(n));
    const what = node ? `${node.outputs[0]} (${node.op.name})` : model.name;
    return { message: `${what} is to be folded, fused or decomposed first`, node: node?.outputs[0] };
  },
};
