import { WhittleError } from '@whittle/core';

/** `QUANTIZATION_INVALID`: scales, zero points or types that the integer kernels refuse or would misread. */
export type Int8ErrorCode = 'QUANTIZATION_INVALID';

/** The error for scales, zero points or types that the integer kernels can't take, with the node's name in front. */
export function quantizationInvalid(n: { readonly name: string }, message: string): WhittleError {
  return new WhittleError('QUANTIZATION_INVALID', `${n.name}: ${message}`, { node: n.name });
}

/** @throws QUANTIZATION_INVALID unless the condition holds. */
export function expectQuantization(
  condition: boolean,
  n: { readonly name: string },
  message: () => string,
): asserts condition {
  if (!condition) throw quantizationInvalid(n, message());
}
