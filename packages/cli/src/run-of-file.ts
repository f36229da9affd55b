import type { Model, RuntimeContext } from '@whittle/core';
import type { ModelFile } from './read-model.js';

/** What a runtime was given: the very bytes of the file, a .tflite that was written of the model, or the model as it was read. */
export type Ran = 'file' | 'tflite' | 'model';

export interface FileContext {
  readonly context: RuntimeContext;
  /** What has been asked for by now. */
  ran(): Ran;
}

/**
 * A context for one runtime in which the .tflite bytes of `model`, read from `file` and bound to a batch, are those of the file where
 * it is a .tflite. Bytes of any other model are made by `base`: a runtime may want other inputs and outputs, or all values given.
 */
export function contextOfFile(
  base: RuntimeContext,
  { format, content }: Pick<ModelFile, 'format' | 'content'>,
  model: Model,
): FileContext {
  let ran: Ran = 'model';
  const toTflite = (asked: Model) => {
    ran = asked === model && format === 'tflite' ? 'file' : 'tflite';
    return ran === 'file' ? Promise.resolve(content) : base.toTflite(asked);
  };
  return { context: { ...base, toTflite }, ran: () => ran };
}
