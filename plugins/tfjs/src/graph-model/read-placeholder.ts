import type { DescribedInput, Dim, ModelInput } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { NodeDef } from './graph-def.js';
import type { GraphWriter } from './graph-writer.js';
import { largestExtent } from './node-call.js';
import type { Computed } from './value.js';

/** What the file says of an input. A shape without axes says that it is of any. @throws FORMAT_INVALID */
export function describePlaceholder({ name, attributes }: NodeDef): DescribedInput {
  const shape = attributes.shape('shape');
  if (!shape || shape.length === 0) return { name, shape: undefined };
  return { name, shape: shape.map((dim) => (dim < 0 ? undefined : dim)) };
}

/** An input of the model, and what callers call it. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function readPlaceholder(
  node: NodeDef,
  graph: GraphWriter,
  shape: readonly Dim[],
  called: Pick<ModelInput, 'name'>,
): Computed {
  const { name, attributes } = node;
  const isExtent = (dim: Dim) =>
    dim === 'batch' || (Number.isSafeInteger(dim) && dim >= 1 && dim <= largestExtent);
  if (shape.length > 8 || !shape.every(isExtent))
    throw invalid(name, `an input of shape [${shape.slice(0, 16).join(', ')}]`);
  const dtype = attributes.dtype('dtype', 'float32');
  if (dtype === 'bool') throw unsupported(name, 'an input of truth values');
  return graph.input(name, shape, dtype, called);
}
