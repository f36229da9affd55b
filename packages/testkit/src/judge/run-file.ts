import { allocate, dtypes, sizeOf, tensor, WhittleError } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import { JudgeProcess } from './judge-process.js';
import type { JudgeOptions, TensorHeader } from './judge-process.js';
import { findPython, missingPython } from './python.js';

/** Runtimes that run the files of their own format: .h5 and .keras, .onnx, .tflite. */
export type FileRuntime = 'keras' | 'onnxruntime' | 'litert';

const judge = new JudgeProcess();

/** Why files can't be run here, or undefined. */
export function fileRuntimesUnavailable(): string | undefined {
  return findPython() ? undefined : missingPython();
}

/**
 * Runs a model file once, in the runtime of its format, whatever Whittle makes of it: what readers are compared with.
 * `file` holds the bytes, or names a file that may have others beside it. Inputs and outputs are in the file's order.
 * @throws TARGET_UNAVAILABLE, RUNTIME_FAILED, RUNTIME_CRASHED, ABORTED
 */
export async function runFile(
  runtime: FileRuntime,
  file: Uint8Array | string,
  inputs: readonly Tensor[],
  options: Pick<JudgeOptions, 'signal'> = {},
): Promise<Tensor[]> {
  const answer = await judge.request(
    {
      runtime,
      model: file,
      inputs: inputs.map(({ dtype, shape }) => ({ dtype, shape })),
      outputs: 0,
      inferences: 1,
      data: inputs.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    },
    options,
  );
  let at = 0;
  return answer.outputs.map((header) => {
    const value = emptyTensor(runtime, header);
    const bytes = new Uint8Array(value.data.buffer);
    bytes.set(answer.data.subarray(at, (at += bytes.length)));
    return value;
  });
}

function emptyTensor(runtime: FileRuntime, { dtype, shape }: TensorHeader): Tensor {
  if (!dtypes.includes(dtype))
    throw new WhittleError(
      'RUNTIME_FAILED',
      `${runtime}: an output of ${dtype}, expected ${dtypes.join(', ')}`,
    );
  return tensor(dtype, shape, allocate(dtype, sizeOf(shape)));
}
