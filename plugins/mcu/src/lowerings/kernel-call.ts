import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { ValueType } from '@whittle/core';
import type { ClampRange } from '@whittle/int8';
import { input, integer, output } from '@whittle/kernel-api';
import type { KernelArgument, KernelCall, StructFields } from '@whittle/kernel-api';

/** Where this package's kernels lie. */
export const kernelFolder = new URL('../../kernels/', import.meta.url);

/** A call of one of this package's kernels. */
export function call(name: string, ...args: readonly KernelArgument[]): KernelCall {
  return { kernel: { name, folder: kernelFolder }, arguments: args };
}

/** Elements of a type whose batch is bound. */
export function elements(type: ValueType): number {
  return sizeOf(concrete(type.shape));
}

/** The clamp of a fused activation on the output in place; nothing where saturation to int8 does it already. */
export function clampCalls(range: ClampRange, count: number): KernelCall[] {
  return isFull(range) ? [] : [clampCall(range, count, output(0))];
}

/** The clamp as a call from the input, or from wherever it is told, to the output. */
export function clampCall({ min, max }: ClampRange, count: number, from = input(0)): KernelCall {
  return call('whittle_clamp_s8', integer(min), integer(max), integer(count), from, output(0));
}

function isFull({ min, max }: ClampRange): boolean {
  return min <= -128 && max >= 127;
}

/** Fields that are uint16 in C. @throws OP_UNSUPPORTED for one that doesn't fit */
export function extents(
  n: { readonly name: string },
  fields: Readonly<Record<string, number>>,
): StructFields {
  for (const [name, value] of Object.entries(fields))
    if (value > 65535)
      throw new WhittleError(
        'OP_UNSUPPORTED',
        `${n.name}: ${name} is ${value}, the kernels take 65535 at most`,
        { node: n.name },
      );
  return fields;
}
