import { isWhittleError } from '@whittle/core';
import { quantizedModel } from './integer-checks.js';
import type { QuantizedModel } from './integer-checks.js';

/** Quantized random models from a seed on, as many as wanted: int8 and int16 in turn. */
export async function compiledCases(from: number, count: number): Promise<QuantizedModel[]> {
  const cases: QuantizedModel[] = [];
  for (let seed = from; cases.length < count; seed++)
    try {
      cases.push(await quantizedModel(seed, seed % 2 === 0 ? 'int8' : 'int16'));
    } catch (error) {
      if (!isWhittleError(error, 'OP_UNSUPPORTED')) throw error;
    }
  return cases;
}
