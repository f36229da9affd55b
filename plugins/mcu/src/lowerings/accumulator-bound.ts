import { WhittleError } from '@whittle/core';

/** The kernels double accumulators, so these must stay below this. */
const LIMIT = 2 ** 30;

/** Weights of one output with the bias that is added to them. */
export interface Filter {
  readonly weights: Int8Array;
  readonly bias: number;
}

/**
 * Checks that no input can take an accumulator, bias + sum of (w - weightZeroPoint) * (x - inputZeroPoint), out of range.
 * @throws OP_UNSUPPORTED naming the first output where one can
 */
export function checkAccumulators(
  n: { readonly name: string },
  filters: Iterable<Filter>,
  inputZeroPoint: number,
  weightZeroPoint = 0,
): void {
  const reach = Math.max(127 - inputZeroPoint, inputZeroPoint + 128);
  let channel = 0;
  for (const { weights, bias } of filters) {
    let sum = 0;
    for (const weight of weights) sum += Math.abs(weight - weightZeroPoint);
    const bound = Math.abs(bias) + sum * reach;
    if (bound >= LIMIT)
      throw new WhittleError(
        'OP_UNSUPPORTED',
        `${n.name}: the sum of output ${channel} can reach ${bound}, the kernels hold less than ${LIMIT}`,
        { node: n.name },
      );
    channel++;
  }
}
