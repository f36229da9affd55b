import { concrete, float32, formatShape, sizeOf, tensor, typeOf, WhittleError } from '@whittle/core';
import type { Model, Tensor, ValueType } from '@whittle/core';
import { quantizeFloat } from '@whittle/int8';

/** Scale and zero point of a value quantized as a whole, or undefined. */
function wholeScale({ quantization: q }: Pick<Tensor, 'quantization'>) {
  return q && q.scale.length === 1 ? { scale: q.scale[0], zeroPoint: q.zeroPoint[0] } : undefined;
}

/** What stored values stand for: scale * (stored - zero point), or the values themselves where there is no scale. */
export function realValues(value: Tensor): Tensor {
  const q = wholeScale(value);
  if (!q) return value;
  const stored = Array.from(value.data, Number);
  return float32(
    value.shape,
    stored.map((x) => q.scale * (x - q.zeroPoint)),
  );
}

/** What a type of one scale, int8 or int16, stores of real values; those of any other type stay as they are. */
export function storedValues(value: Tensor, type: ValueType): Tensor {
  const { dtype, quantization } = type;
  const q = wholeScale(type);
  if ((dtype !== 'int8' && dtype !== 'int16') || !q) return value;
  const stored = Array.from(value.data, Number).map((x) => quantizeFloat(x, { ...q, dtype }));
  return tensor(dtype, concrete(type.shape), stored, quantization);
}

/**
 * Brings inputs to the types that a model takes: real values become int8 or int16 by the input's scale, stored values that
 * have a scale become float32, or another of these types.
 * @throws SHAPE_MISMATCH where the number, size or type of the inputs doesn't fit
 */
export function convertInputs(inputs: readonly Tensor[], model: Model): Tensor[] {
  if (inputs.length !== model.inputs.length)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${model.name} takes ${model.inputs.length} inputs, found ${inputs.length}`,
    );
  return inputs.map((value, i) => convertInput(value, model, model.inputs[i].id));
}

function convertInput(value: Tensor, model: Model, id: string): Tensor {
  const type = typeOf(model, id);
  const shape = concrete(type.shape);
  const q = wholeScale(type);
  if (value.data.length === sizeOf(shape)) {
    if (value.dtype === type.dtype) return tensor(value.dtype, shape, value.data, type.quantization);
    if (type.dtype === 'float32') return { ...realValues(value), shape };
    const isInteger = (type.dtype === 'int8' || type.dtype === 'int16') && q;
    if (isInteger && (value.dtype === 'float32' || wholeScale(value)))
      return storedValues(realValues(value), type);
  }
  throw new WhittleError(
    'SHAPE_MISMATCH',
    `input '${id}' of ${model.name} takes ${type.dtype}${formatShape(type.shape)}, found ${value.dtype}${formatShape(value.shape)}`,
  );
}
