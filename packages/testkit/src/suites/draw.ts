import { createRandom, sizeOf, tensor } from '@whittle/core';
import type { Quantization, RandomStream, Tensor } from '@whittle/core';
import { STORED_RANGE } from '@whittle/int8';
import type { ActivationDType } from '@whittle/int8';

/** Quantization of a whole tensor, from one scale and zero point. */
export function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) };
}

/** Random material for cases of integer ops: the same for one suite and seed, at any time. */
export class Draw {
  readonly #random: RandomStream;

  constructor(suite: string, seed: number) {
    this.#random = createRandom(seed).at(suite);
  }

  pick<const T>(...items: readonly T[]): T {
    return items[this.#random.int(items.length)];
  }

  /** An integer, both ends included. */
  between(low: number, high: number): number {
    return low + this.#random.int(high - low + 1);
  }

  /** True once in `count` times. */
  oneIn(count: number): boolean {
    return this.#random.int(count) === 0;
  }

  /** Spread evenly over orders of magnitude, in float32. */
  logUniform(low: number, high: number): number {
    return Math.fround(Math.exp(Math.log(low) + this.#random.float() * Math.log(high / low)));
  }

  /** Scales as networks have them, now and then a power of two or one at the ends. */
  scale(dtype: ActivationDType = 'int8'): number {
    const kind = this.between(0, 7);
    const fine = dtype === 'int16' ? 2 ** -8 : 1;
    if (kind === 0) return 2 ** this.between(-10, 1) * fine;
    return (kind === 1 ? this.logUniform(1e-5, 50) : this.logUniform(2e-3, 0.5)) * fine;
  }

  /** Often at the ends of the type. */
  zeroPoint(dtype: ActivationDType = 'int8'): number {
    const { min, max } = STORED_RANGE[dtype];
    return this.pick(min, max, 0, this.between(min, max), this.between(min, max));
  }

  quantization(dtype: ActivationDType = 'int8'): Quantization {
    return perTensor(this.scale(dtype), this.zeroPoint(dtype));
  }

  /** As int16 activations nearly always are: with zero point 0. */
  symmetric(dtype: ActivationDType = 'int16'): Quantization {
    return perTensor(this.scale(dtype), 0);
  }

  /** As activations have it: of int16 the zero point is 0. */
  activation(dtype: ActivationDType): Quantization {
    return dtype === 'int8' ? this.quantization() : this.symmetric();
  }

  /** A given scale, with a zero point as activations have it. */
  scaled(scale: number, dtype: ActivationDType): Quantization {
    return perTensor(scale, dtype === 'int8' ? this.zeroPoint() : 0);
  }

  /** How far an output scale is from the natural one: mostly mild, now and then saturating or vanishing. */
  gain(): number {
    return this.oneIn(12) ? this.logUniform(1e-3, 1e3) : this.logUniform(1 / 16, 16);
  }

  /** Shape of an activation: batch 1, then 0 to `rank - 1` more axes. */
  shape(rank = 4, largest = 6): number[] {
    return [1, ...Array.from({ length: this.between(1, rank - 1) }, () => this.between(1, largest))];
  }

  /** Uniform, normal, or ends and zero alone. */
  int8(shape: readonly number[], quantization?: Quantization): Tensor<'int8'> {
    const data = Int8Array.from({ length: sizeOf(shape) }, this.#storedValues('int8'));
    return tensor('int8', shape, data, quantization);
  }

  /** As `int8`. */
  int16(shape: readonly number[], quantization?: Quantization): Tensor<'int16'> {
    const data = Int16Array.from({ length: sizeOf(shape) }, this.#storedValues('int16'));
    return tensor('int16', shape, data, quantization);
  }

  /** An activation of either type. */
  stored(dtype: ActivationDType, shape: readonly number[], quantization?: Quantization): Tensor {
    return dtype === 'int8' ? this.int8(shape, quantization) : this.int16(shape, quantization);
  }

  #storedValues(dtype: ActivationDType): () => number {
    const { min, max } = STORED_RANGE[dtype];
    const kind = this.between(0, 3);
    if (kind === 0) return () => this.pick(min, max, 0, min + 1, max - 1);
    if (kind === 1)
      return () => Math.max(min, Math.min(max, Math.round((max + 1) * 0.25 * this.#random.normal())));
    return () => this.between(min, max);
  }

  /** Normal, times `spread`. */
  float32(shape: readonly number[], spread: number): Tensor<'float32'> {
    const draw = () => this.#random.normal() * spread;
    return tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, draw));
  }

  /** Mostly what a layer has, now and then large. */
  bias(count: number, quantization: Quantization): Tensor<'int32'> {
    const limit = this.oneIn(4) ? 2 ** 20 : 3000;
    const data = Int32Array.from({ length: count }, () => this.between(-limit, limit));
    return tensor('int32', [count], data, quantization);
  }

  /** As `bias`, for sums of 64 bits: now and then beyond 32 bits. */
  wideBias(count: number, quantization: Quantization): Tensor<'int64'> {
    const limit = this.pick(3000, 2 ** 20, 2 ** 28, 2 ** 33);
    const data = BigInt64Array.from({ length: count }, () =>
      BigInt(Math.round((2 * this.#random.float() - 1) * limit)),
    );
    return tensor('int64', [count], data, quantization);
  }
}

/** Every int8 value once, or every 257th int16, ascending, both ends included, in any shape of 256 elements. */
export function sweep(dtype: ActivationDType, shape: readonly number[], quantization: Quantization): Tensor {
  const { min, max } = STORED_RANGE[dtype];
  const step = (max - min) / 255;
  return tensor(
    dtype,
    shape,
    Array.from({ length: 256 }, (_, i) => min + i * step),
    quantization,
  );
}
