import { isWhittleError, WhittleError } from '@whittle/core';

/** A command line that is wrong, which ends a command with 2: the message names the option, what was found and what was expected. */
export function usageInvalid(message: string, cause?: unknown): WhittleError {
  return new WhittleError('USAGE_INVALID', message, { cause });
}

/**
 * Calls `check`, which looks at options of a command as code takes them. What it finds is said of the command line's: the names, which
 * messages begin with (`NAME: found X, expected Y; ...`), get their dashes.
 * @throws USAGE_INVALID in place of OPTION_INVALID
 */
export function checkUsage(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!isWhittleError(error, 'OPTION_INVALID')) throw error;
    throw usageInvalid(error.message.replace(/(^|; )(?=\w+: )/g, '$1--'), error);
  }
}
