import { concrete, formatShape, sizeOf, tensor, typeOf, WhittleError } from '@whittle/core';
import type { DType, Model, RunCase, RunResult, Runtime, RuntimeContext, Tensor } from '@whittle/core';
import { JudgeProcess } from './judge-process.js';
import type { JudgeAnswer, JudgeRequest, TensorHeader } from './judge-process.js';
import { findPython, missingPython } from './python.js';

export interface JudgeRuntimeOptions {
  readonly name: string;
  readonly description: string;
  readonly runtime: JudgeRequest['runtime'];
  readonly resolver?: JudgeRequest['resolver'];
}

/** A runtime of the Python process: every model goes through .tflite bytes, with batch size 1. */
export function judgeRuntime({ name, description, runtime, resolver }: JudgeRuntimeOptions): Runtime {
  const judge = new JudgeProcess();
  return {
    name,
    description,
    unavailable: () => Promise.resolve(findPython() ? undefined : missingPython()),
    async run(cases, context) {
      const results: RunResult[] = [];
      let before = 0;
      for (const each of cases) {
        if (each.inputs.length === 0) {
          results.push({ outputs: [] });
          continue;
        }
        const request = { ...(await requestOf(each, context)), runtime, resolver };
        const onInference = (done: number) => context.onInference?.(before + done);
        const answer = await judge.request(request, { signal: context.signal, onInference });
        results.push({ outputs: outputsOf(answer, each, name) });
        onInference(each.inputs.length);
        before += each.inputs.length;
      }
      return results;
    },
  };
}

async function requestOf({ model, inputs }: RunCase, context: RuntimeContext) {
  const types = model.inputs.map(({ id }): TensorHeader => {
    const { dtype, shape } = typeOf(model, id);
    return { dtype, shape: concrete(shape) };
  });
  for (const inference of inputs) checkInputs(model, types, inference);
  return {
    model: await context.toTflite(model),
    inputs: types,
    outputs: model.outputs.length,
    inferences: inputs.length,
    data: inputs.flatMap((inference) => inference.map(bytesOf)),
  };
}

function checkInputs(model: Model, types: readonly TensorHeader[], inputs: readonly Tensor[]): void {
  if (inputs.length !== types.length)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${model.name} takes ${types.length} inputs, found ${inputs.length}`,
    );
  types.forEach(({ dtype, shape }, i) => {
    const found = inputs[i];
    if (found.dtype !== dtype || found.data.length !== sizeOf(shape))
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `input '${model.inputs[i].id}' takes ${dtype}${formatShape(shape)}, found ${found.dtype}${formatShape(found.shape)}`,
      );
  });
}

function outputsOf(answer: JudgeAnswer, { model, inputs }: RunCase, name: string): Tensor[][] {
  let at = 0;
  return inputs.map(() =>
    answer.outputs.map(({ dtype, shape }, i) => {
      const expected = typeOf(model, model.outputs[i].id);
      if (dtype !== expected.dtype || sizeOf(shape) !== sizeOf(concrete(expected.shape)))
        throw new WhittleError(
          'RUNTIME_FAILED',
          `${name}: output '${model.outputs[i].id}' should be ${expected.dtype}${formatShape(expected.shape)}, found ${dtype}${formatShape(shape)}`,
        );
      const empty = tensor(dtype as DType, concrete(expected.shape), undefined, expected.quantization);
      const bytes = bytesOf(empty);
      bytes.set(answer.data.subarray(at, at + bytes.length));
      at += bytes.length;
      return empty;
    }),
  );
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
