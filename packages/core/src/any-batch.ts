import { isWhittleError } from './errors.js';
import type { Dim, Model } from './model.js';

/**
 * What a reader throws where examples of a batch would be mixed, or their number be computed with, so that it must be known.
 * Caught by `readForAnyBatch`.
 */
export class BatchMixed extends Error {}

/**
 * Reads a file for any number of examples, or for one where that can't be: where `read('batch')` throws `BatchMixed`, or an
 * error with a cause, which a model's own checks throw.
 * @throws what `read` throws
 */
export function readForAnyBatch(read: (batch: Dim) => Model): Model {
  try {
    return read('batch');
  } catch (error) {
    // Damage is damage for one example too; what concerns the batch may not be.
    const concernsBatch = error instanceof BatchMixed || (isWhittleError(error) && error.cause !== undefined);
    if (!concernsBatch) throw error;
    return read(1);
  }
}
