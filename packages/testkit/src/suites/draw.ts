import { createRandom, sizeOf, tensor } from '@whittle/core';
import type { Quantization, RandomStream, Tensor } from '@whittle/core';

/** Quantization of a whole tensor, from one scale and zero point. */
export function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint) };
}

/** Random material for cases of int8 ops: the same for one suite and seed, at any time. */
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
  scale(): number {
    const kind = this.between(0, 7);
    if (kind === 0) return 2 ** this.between(-10, 1);
    return kind === 1 ? this.logUniform(1e-5, 50) : this.logUniform(2e-3, 0.5);
  }

  /** Often at the ends of int8. */
  zeroPoint(): number {
    return this.pick(-128, 127, 0, this.between(-128, 127), this.between(-128, 127));
  }

  quantization(): Quantization {
    return perTensor(this.scale(), this.zeroPoint());
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
    const kind = this.between(0, 3);
    const draw =
      kind === 0
        ? () => this.pick(-128, 127, 0, -127, 126)
        : kind === 1
          ? () => Math.max(-128, Math.min(127, Math.round(32 * this.#random.normal())))
          : () => this.between(-128, 127);
    return tensor('int8', shape, Int8Array.from({ length: sizeOf(shape) }, draw), quantization);
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
}

/** Every int8 value once, ascending, in any shape of 256 elements. */
export function everyInt8(shape: readonly number[], quantization: Quantization): Tensor<'int8'> {
  return tensor(
    'int8',
    shape,
    Int8Array.from({ length: 256 }, (_, i) => i - 128),
    quantization,
  );
}
