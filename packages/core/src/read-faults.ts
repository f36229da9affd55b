import { isWhittleError, WhittleError } from './errors.js';
import type { InputShapes } from './input-shapes.js';

/** What a model's own checks throw where what they are given is at fault. */
const faults = ['MODEL_INVALID', 'SHAPE_MISMATCH', 'OPTION_INVALID'];

/**
 * Calls `read`, which makes a model of a file. What the model's own checks throw is the file's fault, as `invalid` says it; where
 * shapes of inputs were told, it is theirs.
 * @throws what `invalid` makes, SHAPE_MISMATCH where `shapes` were told, and what else `read` throws
 */
export function faultsOfFile<T>(
  read: () => T,
  shapes: InputShapes | undefined,
  invalid: (fault: WhittleError) => WhittleError,
): T {
  try {
    return read();
  } catch (error) {
    if (!isWhittleError(error)) throw error;
    const isTold = shapes !== undefined && sizeOfShapes(shapes) > 0;
    if (!faults.includes(error.code)) {
      if (!isTold || error.code !== 'FORMAT_INVALID') throw error;
      throw again(error, error, `${error.message} (${told}, which may be why)`);
    }
    const fault = invalid(error);
    if (!isTold) throw fault;
    throw again(fault, error, `${fault.message} (${told})`, 'SHAPE_MISMATCH');
  }
}

const told = 'with the shapes that were told: the option `shapes`, --shape on the command line';

function again(
  { code, plugin, node }: WhittleError,
  cause: WhittleError,
  message: string,
  as: string = code,
): WhittleError {
  return new WhittleError(as, message, { plugin, node, cause });
}

function sizeOfShapes(shapes: InputShapes): number {
  return shapes instanceof Map ? shapes.size : (shapes as readonly unknown[]).length;
}
