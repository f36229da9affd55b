import * as core from '@whittle/core';
import { WhittleError } from '@whittle/core';

/** A file that is damaged or contradicts itself. */
export function invalid(where: string, message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `ONNX: ${where}: ${message}`, {
    plugin: 'onnx',
    node: where,
    cause,
  });
}

/** Something that ONNX has and models don't. */
export function unsupported(where: string, message: string): WhittleError {
  return new WhittleError('OP_UNSUPPORTED', `ONNX: ${where}: ${message}`, { plugin: 'onnx', node: where });
}

/** What happens where examples of a batch would be mixed, so that the number of them must be known. */
export class BatchMixed extends core.BatchMixed {
  constructor(where: string, message: string) {
    super(`ONNX: ${where}: ${message}`);
  }
}
