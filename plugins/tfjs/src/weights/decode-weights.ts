import { float16Value, sizeOf, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { TfjsWeightSpec } from '../artifacts.js';
import { invalid } from '../faults.js';
import { bytesOf } from './weight-spec.js';

/** Weights by name: float32, int32 or bool; undefined for texts and complex numbers, which no op reads. */
export type NamedWeights = ReadonlyMap<string, Tensor | undefined>;

/** Bytes of the length in front of a text. */
const lengthBytes = 4;

/**
 * The weights in `bytes`, which hold them in the order of the specs. The result keeps no reference to `bytes`.
 * @throws FORMAT_INVALID where there are too few bytes, or too many
 */
export function decodeWeights(specs: readonly TfjsWeightSpec[], bytes: Uint8Array): NamedWeights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, Tensor | undefined>();
  let offset = 0;
  for (const spec of specs) {
    const length = bytesOf(spec) ?? textBytes(spec, view, offset);
    if (length > bytes.length - offset)
      throw invalid(spec.name, `${length} bytes at ${offset}, of ${bytes.length} bytes of weights`);
    weights.set(spec.name, decodeWeight(spec, new DataView(view.buffer, view.byteOffset + offset, length)));
    offset += length;
  }
  if (offset !== bytes.length)
    throw invalid('weights', `${bytes.length} bytes, of which the weights take ${offset}`);
  return weights;
}

/** Bytes of a list of texts: each has its length in front. */
function textBytes({ name, shape }: TfjsWeightSpec, view: DataView, start: number): number {
  const count = sizeOf(shape);
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + lengthBytes > view.byteLength) throw invalid(name, 'texts beyond the end of the weights');
    at += lengthBytes + view.getUint32(at, true);
  }
  return at - start;
}

function decodeWeight({ dtype, shape, quantization }: TfjsWeightSpec, view: DataView): Tensor | undefined {
  if (quantization) {
    const { scale = 1, min = 0, dtype: stored } = quantization;
    const read = readers[stored];
    const values = float32s(sizeOf(shape), (i) => read(view, i) * scale + min);
    if (dtype === 'float32') return tensor('float32', shape, values);
    return tensor('int32', shape, Int32Array.from(values, Math.round));
  }
  if (dtype === 'float32') return tensor('float32', shape, new Float32Array(copyOf(view)));
  if (dtype === 'int32') return tensor('int32', shape, new Int32Array(copyOf(view)));
  return dtype === 'bool' ? tensor('bool', shape, new Uint8Array(copyOf(view))) : undefined;
}

const readers = {
  uint8: (view: DataView, i: number) => view.getUint8(i),
  uint16: (view: DataView, i: number) => view.getUint16(2 * i, true),
  float16: (view: DataView, i: number) => float16Value(view.getUint16(2 * i, true)),
};

function float32s(size: number, valueOf: (i: number) => number): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = valueOf(i);
  return values;
}

function copyOf({ buffer, byteOffset, byteLength }: DataView): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
