import type { Dim } from '@whittle/core';
import { BatchMixed } from '../../faults.js';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Operand } from '../value.js';

/**
 * Applies an op along axes of which the first may be one: ops leave the first axis alone, as it is the batch, so that a value
 * without a batch gets another axis in front meanwhile. `apply` gets the operands and the axes as they are then, and is told
 * whether it makes the node's result.
 * @throws BatchMixed where the first axis is the batch
 */
export function alongAxes(
  call: NodeCall,
  operands: readonly Operand[],
  axes: readonly number[],
  apply: (
    operands: readonly Operand[],
    axes: readonly number[],
    suffix: string | undefined,
  ) => readonly Operand[],
): Operand[] {
  if (!axes.includes(0)) return [...apply(operands, axes, undefined)];
  const lifted = operands.map((operand, i) => {
    const shape = shapeOf(operand);
    if (shape.includes('batch')) throw new BatchMixed(call.name, `${call.op} along the batch`);
    return call.reshaped(operand, [1, ...shape], `lifted_${i}`);
  });
  const results = apply(
    lifted,
    axes.map((axis) => axis + 1),
    'along',
  );
  return results.map((result, i) => {
    const shape: readonly Dim[] = shapeOf(result).slice(1);
    return call.reshaped(result, shape, i === 0 ? undefined : `part_${i}`);
  });
}
