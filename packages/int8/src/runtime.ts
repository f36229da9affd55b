import { throwIfAborted, timeSlice, WhittleError } from '@whittle/core';
import type { RunCase, RunResult, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { prepareInt8 } from './prepare-int8.js';

/** Runs quantized models by integer evaluation: the reference that every target is compared with. */
export const int8Runtime: Runtime = {
  name: 'int8',
  description: 'Integer evaluation, bit-exact with the TFLite Micro reference kernels',
  unavailable: () => Promise.resolve(undefined),
  async run(cases, context) {
    const results: RunResult[] = [];
    let done = 0;
    for (const runCase of cases) {
      throwIfAborted(context.signal);
      results.push(await runOne(runCase, context, done));
      done += runCase.inputs.length;
    }
    return results;
  },
};

async function runOne(
  { model, inputs }: RunCase,
  context: RuntimeContext,
  before: number,
): Promise<RunResult> {
  const stream = (await prepareInt8(model, context.lowerings)).stream();
  const breathe = timeSlice(context.signal);
  const outputs: Tensor[][] = [];
  for (const tensors of inputs) {
    if (tensors.length !== model.inputs.length)
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `${model.name} takes ${model.inputs.length} input(s), found ${tensors.length}`,
      );
    const values = stream.run(new Map(model.inputs.map(({ id }, i) => [id, tensors[i]])));
    outputs.push(model.outputs.map(({ id }) => values.get(id) as Tensor));
    context.onInference?.(before + outputs.length);
    await breathe();
  }
  return { outputs };
}
