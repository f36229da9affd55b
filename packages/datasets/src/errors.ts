import { WhittleError } from '@whittle/core';

/**
 * What this package throws: `DATASET_INVALID` where files or arrays don't hold what they should, `DATASET_UNAVAILABLE`
 * where a data set is not installed, `FILE_UNREADABLE` where a file or folder can't be read, `OPTION_INVALID`.
 */
export type DatasetErrorCode =
  'DATASET_INVALID' | 'DATASET_UNAVAILABLE' | 'FILE_UNREADABLE' | 'OPTION_INVALID';

/** An error of one of this package's codes. */
export function datasetError(
  code: DatasetErrorCode,
  message: string,
  cause?: unknown,
): WhittleError<DatasetErrorCode> {
  return new WhittleError(code, message, { cause });
}

/** @throws DATASET_INVALID unless the condition holds. */
export function expectData(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw datasetError('DATASET_INVALID', message());
}

/** @throws OPTION_INVALID unless `value` is an integer of at least `least`. */
export function expectInteger(option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw datasetError('OPTION_INVALID', `${option} must be an integer of at least ${least}, found ${value}`);
}
