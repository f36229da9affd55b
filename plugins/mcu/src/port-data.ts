import { concrete, formatShape, tensor, typeOf, WhittleError } from '@whittle/core';
import type { Model, RunCase, Tensor } from '@whittle/core';
import { bytesOf } from './storage.js';

/** The bytes of all inputs of all inferences, in order. @throws SHAPE_MISMATCH where one doesn't fit the model */
export function encodeInputs({ model, inputs }: RunCase): Uint8Array[] {
  return inputs.flatMap((inference) => {
    if (inference.length !== model.inputs.length)
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `${model.name} takes ${model.inputs.length} inputs, found ${inference.length}`,
      );
    return inference.map((value, i) => encode(model, i, value));
  });
}

function encode(model: Model, index: number, { dtype, shape, data }: Tensor): Uint8Array {
  const { id } = model.inputs[index];
  const type = typeOf(model, id);
  if (dtype !== type.dtype || data.byteLength !== bytesOf(type))
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `input '${id}' takes ${type.dtype}${formatShape(type.shape)}, found ${dtype}${formatShape(shape)}`,
    );
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The model's outputs of one inference from consecutive bytes, and how many bytes they took. */
export function decodeOutputs(model: Model, bytes: Uint8Array): { outputs: Tensor[]; length: number } {
  let length = 0;
  const outputs = model.outputs.map(({ id }) => {
    const { dtype, shape, quantization } = typeOf(model, id);
    const value = tensor(dtype, concrete(shape), undefined, quantization);
    const size = value.data.byteLength;
    new Uint8Array(value.data.buffer).set(bytes.subarray(length, length + size));
    length += size;
    return value;
  });
  return { outputs, length };
}
