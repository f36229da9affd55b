import { runPipeline, verify } from '@whittle/core';
import type { Id, Model, RunCase, Tensor } from '@whittle/core';
import { int8Runtime, removeIdleChannels } from '@whittle/int8';
import { postTraining, quantization } from '@whittle/quantization';
import { convertInputs, randomModel, tflmRuntime } from '@whittle/testkit';
import type { RandomModel } from '@whittle/testkit';
import { expectClose } from './check.js';
import type { Findings } from './check.js';
import { context, registry } from './context.js';
import { stacked } from './float-checks.js';
import { checkRoundTrip } from './tflite-checks.js';
import { withoutIntegers } from './without-integers.js';

/** A random model, quantized with the samples that it was drawn with, and these as its inputs. */
export interface QuantizedModel extends RunCase {
  readonly seed: number;
  readonly activations: 'int8' | 'int16';
}

/** @throws OP_UNSUPPORTED where integers have no such op of these types and shapes */
export async function quantizedModel(seed: number, activations: 'int8' | 'int16'): Promise<QuantizedModel> {
  const random = randomModel(seed, { ops: ({ name }) => !withoutIntegers[activations].has(name) });
  return quantizeRandom(random, activations, seed % 4 === 0 ? 'float32' : 'integer');
}

/** Quantizes a random model with the samples that it was drawn with. */
export async function quantizeRandom(
  { seed, model, inputs }: RandomModel,
  activations: 'int8' | 'int16',
  edges: 'float32' | 'integer',
): Promise<QuantizedModel> {
  const pass = postTraining({ data: calibrationData(model, inputs), activations, edges });
  const plugins = [...registry.plugins, quantization];
  const { model: integer } = await runPipeline(model, [pass], { plugins });
  verify(integer);
  return { seed, activations, model: integer, inputs: inputs.map((each) => convertInputs(each, integer)) };
}

/** A batch for each inference; one of all, in order, where states go from one to the next. */
function calibrationData(model: Model, inputs: readonly (readonly Tensor[])[]): ReadonlyMap<Id, Tensor>[] {
  const feedsOf = (tensors: readonly Tensor[]) =>
    new Map(model.inputs.map(({ id }, i) => [id, tensors[i]] as const));
  if (model.states.length === 0) return inputs.map(feedsOf);
  return [feedsOf(model.inputs.map((_, i) => stacked(inputs.map((each) => each[i]))))];
}

/** Integer evaluation and TensorFlow Lite Micro agree, in every bit. Gives the model where it could be quantized. */
export async function checkIntegers(
  seed: number,
  activations: 'int8' | 'int16',
  findings: Findings,
): Promise<QuantizedModel | undefined> {
  let quantized: QuantizedModel | undefined;
  const made = await findings.check(`${activations}: quantize`, seed, async () => {
    quantized = await quantizedModel(seed, activations);
  });
  if (!made || !quantized) return undefined;
  const { model, inputs } = quantized;
  let outputs: readonly (readonly Tensor[])[] = [];
  const ran = await findings.check(`${activations}: evaluate`, seed, async () => {
    [{ outputs }] = await int8Runtime.run([{ model, inputs }], context);
  });
  if (!ran) return undefined;
  await findings.check(`${activations}: .tflite read, written, read again`, seed, async () => {
    const read = await checkRoundTrip(model);
    const [found] = await int8Runtime.run([{ model: read, inputs }], context);
    expectClose(model, outputs, found.outputs, 0, 'read from a .tflite file');
  });
  await findings.check(`${activations}: tflm`, seed, async () => {
    const [found] = await tflmRuntime.run([{ model, inputs }], context);
    expectClose(model, outputs, found.outputs, 0, 'tflm');
  });
  await findings.check(`${activations}: remove idle channels`, seed, async () => {
    const { model: smaller } = await runPipeline(model, [removeIdleChannels()], {
      plugins: registry.plugins,
    });
    const [found] = await int8Runtime.run([{ model: smaller, inputs }], context);
    expectClose(model, outputs, found.outputs, 0, 'without idle channels');
  });
  return quantized;
}
