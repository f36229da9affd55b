import type { Dim } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { NodeDef } from './graph-def.js';
import type { GraphWriter } from './graph-writer.js';
import { largestExtent } from './node-call.js';
import type { Computed } from './value.js';

export interface PlaceholderOptions {
  /** Shapes without the first axis, by name, for inputs that the file leaves open. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** What the first axis is where the file leaves it open. */
  readonly batch: Dim;
}

/** An input of the model. @throws OP_UNSUPPORTED where extents are open and not told */
export function readPlaceholder(node: NodeDef, graph: GraphWriter, options: PlaceholderOptions): Computed {
  const { name, attributes } = node;
  const own = attributes.shape('shape');
  const told = options.shapes.get(name);
  const shape = own && own.length > 0 ? own : told && [-1, ...told];
  if (!shape) throw unsupported(name, 'an input of any shape: its shape must be told');
  if (shape.length > 8 || (told && told.length !== shape.length - 1))
    throw invalid(name, `an input of shape [${shape.slice(0, 16).join(', ')}]`);
  const dims = shape.map((dim, axis): Dim => {
    if (axis === 0 && dim < 0) return options.batch;
    const extent = dim < 0 ? told?.[axis - 1] : dim;
    if (extent === undefined)
      throw unsupported(
        name,
        `an input of shape [${shape.join(', ')}]: extents beside the first must be told`,
      );
    if (!Number.isSafeInteger(extent) || extent < 1 || extent > largestExtent)
      throw invalid(name, `an input of shape [${shape.join(', ')}]`);
    return extent;
  });
  const dtype = attributes.dtype('dtype', 'float32');
  if (dtype === 'bool') throw unsupported(name, 'an input of truth values');
  return graph.input(name, dims, dtype);
}
