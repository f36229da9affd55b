import { concrete } from '../model.js';
import type { NodeView, Span } from '../op.js';

/**
 * The batch axis of an op with states, the only one whose atoms don't mix: of the operands named by index and of all
 * results. `axisOf` says where it lies in a shape, first unless told.
 */
export function batchTie(
  n: NodeView<unknown>,
  operands: readonly number[],
  axisOf: (shape: readonly unknown[]) => number = () => 0,
): Span[] {
  const span = (value: string, shape: NodeView['inputs'][number]['shape']): Span => {
    const axis = axisOf(shape);
    return { value, axis, count: concrete(shape)[axis] };
  };
  return [
    ...operands.map((i) => span(n.inputIds[i], n.inputs[i].shape)),
    ...n.outputs.map(({ shape }, i) => span(n.outputIds[i], shape)),
  ];
}
