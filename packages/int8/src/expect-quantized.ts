import { WhittleError } from '@whittle/core';
import type { Model } from '@whittle/core';

/** @throws QUANTIZATION_INVALID where a model has no value in integers */
export function expectQuantized({ name, values }: Model): void {
  if (![...values.values()].some(({ dtype }) => dtype === 'int8' || dtype === 'int16'))
    throw new WhittleError(
      'QUANTIZATION_INVALID',
      `${name} has no int8 or int16 value: quantize it first, in TypeScript with postTraining of @whittle/quantization`,
    );
}
