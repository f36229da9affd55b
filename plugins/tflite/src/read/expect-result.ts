import { concrete, formatShape, sameShape, sizeOf } from '@whittle/core';
import type { ValueType } from '@whittle/core';
import type { FileType } from './file-tensors.js';
import { MAX_ELEMENTS } from './file-tensors.js';
import { invalid } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/**
 * Holds what `by` gives to what the file says of it; only to its type where inputs have other extents than there.
 * @throws FORMAT_INVALID
 */
export function expectResult(
  o: OperatorView,
  by: string,
  isReshaped: boolean,
  { dtype, shape }: FileType,
  found: ValueType,
): void {
  const extents = concrete(found.shape);
  if (found.dtype !== dtype || !(isReshaped || sameShape(extents, shape)))
    throw invalid(
      o,
      `the output is ${dtype}${formatShape(shape)} in the file, but ${by} gives ${found.dtype}${formatShape(found.shape)}`,
    );
  if (sizeOf(extents) > MAX_ELEMENTS)
    throw invalid(o, `a result of shape ${formatShape(found.shape)}, more than any runtime holds`);
}
