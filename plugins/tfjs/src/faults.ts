import * as core from '@whittle/core';
import { WhittleError } from '@whittle/core';

/** A file that is damaged or contradicts itself. */
export function invalid(where: string, message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `TensorFlow.js: ${where}: ${message}`, {
    plugin: 'tfjs',
    node: where,
    cause,
  });
}

/** Something that TensorFlow.js has and models don't. */
export function unsupported(where: string, message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', `TensorFlow.js: ${where}: ${message}`, {
    plugin: 'tfjs',
    node: where,
  });
}

/** What a graph computes with the number of examples, or across them: it can be read for one number of them only. */
export class BatchMixed extends core.BatchMixed {
  constructor(where: string, message: string) {
    super(`TensorFlow.js: ${where}: ${message}`);
  }
}
