import { isDeepStrictEqual } from 'node:util';
import { verify } from '@whittle/core';
import type { Model, Runtime } from '@whittle/core';
import { createLiteRtRuntime, litertRuntime, litertWasmRuntime } from '@whittle/testkit';
import type { RandomModel } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { expectClose } from './check.js';
import type { Findings } from './check.js';
import { context, registry } from './context.js';
import { evaluateRandom } from './float-checks.js';

/** LiteRT with its delegate, with its own kernels, and in WebAssembly. */
const litertRuntimes: readonly Runtime[] = [
  litertRuntime,
  createLiteRtRuntime({ name: 'litert-builtin', resolver: 'builtin' }),
  litertWasmRuntime,
];

/** Those that take a model: LiteRT in WebAssembly loads none with variable tensors, which layers with states change. */
export function litertRuntimesFor({ states }: Model): readonly Runtime[] {
  return litertRuntimes.filter((runtime) => runtime !== litertWasmRuntime || states.length === 0);
}

/** Relative to 1 + |x|: what a network of a dozen layers adds up to in another order of sums. */
const otherSums = 1e-4;

/** What a .tflite file of a float model is held to. */
export async function checkTflite(random: RandomModel, findings: Findings): Promise<void> {
  const { seed, model, inputs } = random;
  const written = await findings.check('.tflite: read, written, read again', seed, () =>
    checkRoundTrip(model),
  );
  if (!written) return;
  const expected = evaluateRandom(random);
  for (const runtime of litertRuntimesFor(model))
    await findings.check(`.tflite: ${runtime.name}`, seed, async () => {
      const [{ outputs }] = await runtime.run([{ model, inputs }], context);
      expectClose(model, expected, outputs, otherSums, runtime.name);
    });
}

/** A file that was read gives an equal model and equal bytes ever after. Gives what was read. */
export async function checkRoundTrip(model: Model): Promise<Model> {
  const { lowerings } = registry;
  const bytes = await emitTflite(model, { lowerings });
  if (!isDeepStrictEqual(await emitTflite(model, { lowerings }), bytes))
    throw new Error('the same model is written in two ways');
  const first = readTfliteModel(bytes);
  verify(first);
  const second = await emitTflite(first, { lowerings });
  const again = readTfliteModel(second);
  if (!isDeepStrictEqual(again, first))
    throw new Error('a file that is read and written gives another model');
  if (!isDeepStrictEqual(await emitTflite(again, { lowerings }), second))
    throw new Error('a file that is read and written has other bytes each time');
  return first;
}
