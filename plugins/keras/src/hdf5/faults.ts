import { WhittleError } from '@whittle/core';

/** A file that is damaged. */
export function damaged(message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `HDF5: ${message}`, { plugin: 'keras', cause });
}

/** What the format has and this reader hasn't. */
export function unread(message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', `HDF5: ${message}`, { plugin: 'keras' });
}
