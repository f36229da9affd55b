import { allocate, concrete, sizeOf, tensor, typeOf, WhittleError } from '@whittle/core';
import type { DType, Model, Tensor } from '@whittle/core';

/**
 * Pseudo-random values that depend on the seed alone, the same in every language: with state s = seed, for each element
 * s = (1664525 s + 1013904223) mod 2^32, and the value is the upper 8 bits of s as int8 (uint8: as they are; int16 and
 * int32: the upper 16 and all 32 bits; bool: the uppermost; float32: the int8 value / 128, in [-1, 1)).
 * @throws OP_UNSUPPORTED for other dtypes
 */
export function sequence(seed: number, shape: readonly number[], dtype: DType = 'int8'): Tensor {
  return drawer(seed)(shape, dtype);
}

/** The inputs of one inference: one sequence that runs on from each input to the next. Batch 1. */
export function sequenceInputs(model: Model, seed: number): Tensor[] {
  const draw = drawer(seed);
  return model.inputs.map(({ id }) => {
    const { dtype, shape, quantization } = typeOf(model, id);
    const value = draw(concrete(shape), dtype);
    return quantization ? { ...value, quantization } : value;
  });
}

function drawer(seed: number): (shape: readonly number[], dtype: DType) => Tensor {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) | 0);
  return (shape, dtype) => {
    const convert = conversions[dtype];
    if (!convert) throw new WhittleError('OP_UNSUPPORTED', `no pseudo-random sequence of ${dtype}`);
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = convert(next());
    return tensor(dtype, shape, data);
  };
}

const conversions: { readonly [D in DType]?: (state: number) => number } = {
  int8: (s) => s >> 24,
  uint8: (s) => s >>> 24,
  int16: (s) => s >> 16,
  int32: (s) => s,
  bool: (s) => s >>> 31,
  float32: (s) => (s >> 24) / 128,
};
