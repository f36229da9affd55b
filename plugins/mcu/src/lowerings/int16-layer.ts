import type { TypedArray } from '@whittle/core';
import { expectWideSums, reduceMultiplier } from '@whittle/int8';
import type { Accumulator, ChannelMultipliers, ClampRange } from '@whittle/int8';
import { input, output, struct, weights } from '@whittle/kernel-api';
import type { KernelArgument, KernelCall, StructFields } from '@whittle/kernel-api';
import { channelConstants } from './channel-constants.js';
import { call } from './kernel-call.js';

/** A layer with weights of int8 over int16 activations. */
export interface Int16Layer {
  readonly params: StructFields;
  readonly filters: Int8Array;
  /** Of int32 or int64. */
  readonly bias: TypedArray | undefined;
  readonly plan: ChannelMultipliers & { readonly accumulator: Accumulator; readonly clamp: ClampRange };
  /** The argument between the shifts and the output, for kernels that have one. */
  readonly scratch?: KernelArgument;
}

/** The call of such a layer's kernel; what all have in common is added to the parameters. */
export function int16Call(kernel: string, { params, filters, bias, plan, scratch }: Int16Layer): KernelCall {
  const { accumulator, clamp } = plan;
  const constants = channelConstants(accumulator === 'int64' ? reduced(plan) : plan);
  const { low, high } = halvesOf(bias, accumulator);
  const fields = {
    ...params,
    channel_step: constants.step,
    output_min: clamp.min,
    output_max: clamp.max,
  };
  return call(
    kernel,
    struct(`${kernel}_params`, fields),
    input(0),
    weights('weights', filters),
    weights('bias', low),
    weights('bias_high', high),
    constants.multipliers,
    constants.shifts,
    ...(scratch ? [scratch] : []),
    output(0),
  );
}

/** A parameter that says what a kernel sums in. */
export function wideField({ accumulator }: { readonly accumulator: Accumulator }): { readonly wide: 0 | 1 } {
  return { wide: accumulator === 'int64' ? 1 : 0 };
}

/** Checks that sums of `terms` products stay in what kernels rescale, where they have 64 bits. @throws QUANTIZATION_INVALID */
export function checkSums(
  n: { readonly name: string },
  { accumulator }: { readonly accumulator: Accumulator },
  terms: number,
  bias: TypedArray | undefined,
): void {
  if (accumulator === 'int64') expectWideSums(n, terms, MAX_PRODUCT, bias as BigInt64Array | undefined);
}

/** (x - zero point) * (weight - zero point) at the most. */
const MAX_PRODUCT = 2 ** 24;

/** Multipliers of 16 bits, above 16 zeros. */
export function reduced({ multipliers, shifts }: ChannelMultipliers): ChannelMultipliers {
  return { multipliers: multipliers.map((multiplier) => reduceMultiplier(multiplier) * 65536), shifts };
}

export interface Halves {
  readonly low: Int32Array | undefined;
  readonly high: Int32Array | undefined;
}

/** A bias as its lower 32 bits, and the upper ones where some value needs them. Sums of 32 bits never do. */
export function halvesOf(bias: TypedArray | undefined, accumulator: Accumulator): Halves {
  if (!bias) return { low: undefined, high: undefined };
  const values = Array.from(bias as ArrayLike<number | bigint>, BigInt);
  const low = Int32Array.from(values, (value) => Number(BigInt.asIntN(32, value)));
  const fits = accumulator === 'int32' || values.every((value, i) => BigInt(low[i]) === value);
  return { low, high: fits ? undefined : Int32Array.from(values, (value) => Number(value >> 32n)) };
}

/** Rows of weights as whittle_dot_s16_s8.h reads them: each whole four in the order 0 2 1 3. */
export function dotRows(rows: Int8Array, taps: number): Int8Array {
  const fours = taps - (taps % 4);
  return rows.map((weight, i) => {
    const tap = i % taps;
    if (tap >= fours || tap % 4 === 0 || tap % 4 === 3) return weight;
    return rows[tap % 4 === 1 ? i + 1 : i - 1];
  });
}
