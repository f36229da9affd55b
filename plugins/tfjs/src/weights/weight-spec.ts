import { sizeOf } from '@whittle/core';
import type { TfjsQuantization, TfjsWeightSpec } from '../artifacts.js';
import { invalid } from '../faults.js';
import { listOf, objectOf, quote, textOf } from '../file/json.js';

/** Bytes of one number, by how it is stored. */
const bytesByDtype: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
};
const quantizedDtypes = ['uint8', 'uint16', 'float16'];

/** Weights of more axes, or more elements, are taken for damage. */
const mostAxes = 16;
const mostElements = 2 ** 31 - 1;

/** Bytes that the stored weight takes; undefined for texts, which say their lengths themselves. */
export function bytesOf({ dtype, shape, quantization }: TfjsWeightSpec): number | undefined {
  return dtype === 'string' ? undefined : sizeOf(shape) * bytesByDtype[quantization?.dtype ?? dtype];
}

/** @throws FORMAT_INVALID */
export function readWeightSpec(value: unknown): TfjsWeightSpec {
  const spec = objectOf('weights', value, 'a weight');
  const name = textOf('weights', spec.name, 'name of a weight');
  const dtype = textOf(name, spec.dtype, 'dtype');
  if (dtype !== 'string' && !['float32', 'int32', 'bool', 'complex64'].includes(dtype))
    throw invalid(name, `dtype ${quote(dtype)}, expected float32, int32, bool, string or complex64`);
  return {
    name,
    dtype,
    shape: shapeOf(name, spec.shape),
    ...(typeof spec.group === 'string' && { group: spec.group }),
    ...(spec.quantization !== undefined && { quantization: quantizationOf(name, dtype, spec.quantization) }),
  };
}

function shapeOf(name: string, value: unknown): number[] {
  const shape = listOf(name, value, 'shape');
  const isShape = shape.every((dim): dim is number => Number.isSafeInteger(dim) && (dim as number) >= 0);
  if (!isShape || shape.length > mostAxes || sizeOf(shape) > mostElements)
    throw invalid(name, `a weight of shape [${shape.slice(0, mostAxes).map(quote).join(', ')}]`);
  return [...shape];
}

function quantizationOf(name: string, dtype: string, value: unknown): TfjsQuantization {
  const { dtype: stored, scale, min } = objectOf(name, value, 'quantization');
  const isFloat16 = stored === 'float16';
  if (typeof stored !== 'string' || !quantizedDtypes.includes(stored))
    throw invalid(name, `quantization to ${quote(stored)}, expected uint8, uint16 or float16`);
  if (dtype !== 'float32' && (isFloat16 || dtype !== 'int32'))
    throw invalid(name, `${dtype} is not quantized to ${stored}`);
  if (!isFloat16 && (!Number.isFinite(scale) || !Number.isFinite(min)))
    throw invalid(name, `quantization without scale and min: found ${quote(scale)} and ${quote(min)}`);
  return {
    dtype: stored as TfjsQuantization['dtype'],
    ...(!isFloat16 && { scale: scale as number, min: min as number }),
  };
}

/** All weights that a file names. @throws FORMAT_INVALID, also where two have one name */
export function readWeightSpecs(values: readonly unknown[]): TfjsWeightSpec[] {
  const specs = values.map(readWeightSpec);
  const names = new Set<string>();
  for (const { name } of specs) {
    if (names.has(name)) throw invalid(name, 'two weights have this name');
    names.add(name);
  }
  return specs;
}
