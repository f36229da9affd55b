import type { Model } from '@whittle/core';

/**
 * The model with every computed value as an output, in order of computation; those that were outputs keep their labels.
 * Outputs that are inputs or parameters are left out.
 */
export function exposeValues(model: Model): Model {
  const labelled = new Map(model.outputs.map((output) => [output.id, output]));
  const outputs = model.nodes.flatMap((node) => node.outputs.map((id) => labelled.get(id) ?? { id }));
  return { ...model, outputs };
}
