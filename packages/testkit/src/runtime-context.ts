import { WhittleError } from '@whittle/core';
import type { Model, Registry, RuntimeContext } from '@whittle/core';

/**
 * What runtimes need of the plugins at hand: their lowerings, and .tflite bytes by the backend `tflite`. The bytes of a
 * model are made once.
 */
export function runtimeContext(registry: Registry, signal?: AbortSignal): RuntimeContext {
  const { lowerings, backends } = registry;
  const made = new WeakMap<Model, Promise<Uint8Array>>();
  const emit = async (model: Model): Promise<Uint8Array> => {
    const backend = backends.get('tflite');
    if (!backend)
      throw new WhittleError('TARGET_UNAVAILABLE', `no plugin brings the target 'tflite', found: ${list()}`);
    const { files, main } = await backend.emit(model, { lowerings, options: {} });
    const bytes = files.get(main ?? '') ?? [...files.values()][0];
    if (!bytes)
      throw new WhittleError('FORMAT_INVALID', `the backend 'tflite' wrote no file for ${model.name}`);
    return bytes;
  };
  const list = () => [...backends.keys()].join(', ') || 'none';
  return {
    lowerings,
    signal,
    toTflite(model) {
      const bytes = made.get(model) ?? emit(model);
      made.set(model, bytes);
      return bytes;
    },
  };
}
