import type { NodeView } from '@whittle/core';
import { expectQuantization } from '../errors.js';
import { activationScale, expectScales, formatScale, sameScale } from '../quantized-type.js';
import type { ActivationDType, ActivationScale } from '../quantized-type.js';

/**
 * Quantization of a state and the result that follows it, which must be the same: one tensor holds both.
 * @throws QUANTIZATION_INVALID
 */
export function stateScale(
  n: NodeView<never>,
  operand: number,
  result: number,
  what: string,
  dtypes: readonly ActivationDType[],
): ActivationScale {
  const state = activationScale(n, n.inputs[operand], what, dtypes);
  const next = activationScale(n, n.outputs[result], `next ${what}`, [state.dtype]);
  expectQuantization(
    sameScale(state, next),
    n,
    () => `next ${what} (${formatScale(next)}) must be quantized like the ${what} (${formatScale(state)})`,
  );
  return state;
}

/** The one scale of symmetric weights of the types that a kernel takes. @throws QUANTIZATION_INVALID */
export function symmetricScale(
  n: NodeView<never>,
  operand: number,
  what: string,
  dtypes: readonly ActivationDType[] = ['int8'],
): number {
  const { dtype, quantization } = n.inputs[operand];
  expectQuantization(
    dtypes.some((each) => each === dtype),
    n,
    () => `${what} must be ${dtypes.join(' or ')}, found ${dtype}`,
  );
  expectQuantization(quantization !== undefined, n, () => `${what} have no scale`);
  const { scale, zeroPoint } = quantization;
  expectQuantization(scale.length === 1, n, () => `${what} must have one scale, found ${scale.length}`);
  expectScales(n, scale, what);
  expectQuantization(
    zeroPoint.every((z) => z === 0),
    n,
    () => `${what} must have zero point 0, found ${zeroPoint.join(', ')}`,
  );
  return scale[0];
}
