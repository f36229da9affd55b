import { loweringKey, WhittleError } from '@whittle/core';
import type { DType, DTypeArrays, NodeView, Tensor, TypedArray } from '@whittle/core';

/** Runs one node for one inference: reads the operands' stored values and fills the results. */
export type Int8Kernel = (inputs: readonly TypedArray[], outputs: readonly TypedArray[]) => void;

/**
 * Prepares one node for integer evaluation: derives its integer parameters from the types, once. `constants` has, for
 * each operand, its tensor where it is a parameter. Shapes are concrete, the batch being 1 where it is not fixed.
 * @throws QUANTIZATION_INVALID, OP_UNSUPPORTED
 */
export type Int8Lowering = (n: NodeView<never>, constants: readonly (Tensor | undefined)[]) => Int8Kernel;

/** `lower(INT8, myOp, () => import('./my-op-int8.js').then((m) => m.prepareMyOp))` in a plugin's list of lowerings. */
export const INT8 = loweringKey<Int8Lowering>('int8');

/** The data of an operand that must be a parameter. @throws OP_UNSUPPORTED where it is computed */
export function constantData<D extends DType>(
  n: NodeView<unknown>,
  constants: readonly (Tensor | undefined)[],
  index: number,
  what: string,
): DTypeArrays[D] {
  const value = constants[index];
  if (!value)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: ${what} must be a parameter, found a computed value`,
      {
        node: n.name,
      },
    );
  return value.data as DTypeArrays[D];
}
