import { concrete, sizeOf, WhittleError } from '@whittle/core';
import type { ValueType } from '@whittle/core';
import type { ActivationDType, ClampRange } from '@whittle/int8';
import { STORED_RANGE } from '@whittle/int8';
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

const suffixes: Readonly<Record<ActivationDType, string>> = { int8: 's8', int16: 's16' };

/** The type of an activation that a plan has accepted. */
export function dtypeOf({ dtype }: Pick<ValueType, 'dtype'>): ActivationDType {
  return dtype === 'int16' ? dtype : 'int8';
}

/** How kernels that take an activation's type end: s8 or s16. */
export function suffixOf(type: Pick<ValueType, 'dtype'>): string {
  return suffixes[dtypeOf(type)];
}

/** The clamp of a fused activation on the output in place; nothing where saturation to its type does it already. */
export function clampCalls(range: ClampRange, count: number, dtype: ActivationDType = 'int8'): KernelCall[] {
  const { min, max } = STORED_RANGE[dtype];
  if (range.min <= min && range.max >= max) return [];
  return [clampCall(range, count, { from: output(0), dtype })];
}

/** The clamp as a call from the input, or from wherever it is told, to the output. */
export function clampCall(
  { min, max }: ClampRange,
  count: number,
  {
    from = input(0),
    dtype = 'int8',
  }: { readonly from?: KernelArgument; readonly dtype?: ActivationDType } = {},
): KernelCall {
  const kernel = `whittle_clamp_${suffixOf({ dtype })}`;
  return call(kernel, integer(min), integer(max), integer(count), from, output(0));
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
