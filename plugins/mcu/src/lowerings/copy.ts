import { bitsOf, WhittleError } from '@whittle/core';
import type { ValueType } from '@whittle/core';
import { input, output, struct } from '@whittle/kernel-api';
import type { KernelArgument, KernelCall } from '@whittle/kernel-api';
import { call, extents } from './kernel-call.js';

/** One dimension of a strided copy: how many elements lie between neighbours where it reads and where it writes. */
export interface CopyDim {
  readonly size: number;
  readonly input: number;
  readonly output: number;
}

/** A strided copy: dimensions from the outermost to the innermost, and where the first element lies. */
export interface Copy {
  readonly dims: readonly CopyDim[];
  readonly inputStart?: number;
  readonly outputStart?: number;
}

/** Dimensions of chunks that the kernel walks over, and their largest size. */
const DIMS = 5;
const MAX_SIZE = 65535;

/**
 * A call of the kernel that copies bytes, dimensions that lie side by side merged, from the first operand unless told.
 * @throws OP_UNSUPPORTED where more than five are left, or one is too large
 */
export function copyCall(
  n: { readonly name: string; readonly outputs: readonly ValueType[] },
  { dims, inputStart = 0, outputStart = 0 }: Copy,
  from: KernelArgument = input(0),
): KernelCall {
  const bytes = bitsOf(n.outputs[0].dtype) / 8;
  const inBytes = (dim: CopyDim): CopyDim => ({
    size: dim.size,
    input: dim.input * bytes,
    output: dim.output * bytes,
  });
  const { chunk, outer } = mergeDims([...dims.map(inBytes), { size: bytes, input: 1, output: 1 }]);
  if (outer.length > DIMS)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${n.name}: elements move along ${outer.length} axes, the kernels take ${DIMS} at most`,
      { node: n.name },
    );
  extents(n, Object.fromEntries(outer.map(({ size }, axis) => [`extent ${axis}`, size])));
  while (outer.length < DIMS) outer.unshift({ size: 1, input: 0, output: 0 });
  const params = struct('whittle_copy_params', {
    chunk,
    sizes: outer.map(({ size }) => size),
    input_strides: outer.map((dim) => dim.input),
    output_strides: outer.map((dim) => dim.output),
    input_start: inputStart * bytes,
    output_start: outputStart * bytes,
  });
  return call('whittle_copy', params, from, output(0));
}

/** The same call with its result in another output. */
export function toOutput({ kernel, arguments: args }: KernelCall, index: number): KernelCall {
  return { kernel, arguments: [...args.slice(0, -1), output(index)] };
}

/** Bytes that are copied at once, and the dimensions around them. */
function mergeDims(dims: readonly CopyDim[]): { chunk: number; outer: CopyDim[] } {
  const left = dims.filter(({ size }) => size > 1);
  let chunk = 1;
  for (let dim = left.pop(); dim; dim = left.pop()) {
    if (dim.input !== chunk || dim.output !== chunk) {
      left.push(dim);
      break;
    }
    chunk *= dim.size;
  }
  const outer: CopyDim[] = [];
  for (const dim of left) {
    const last = outer[outer.length - 1];
    const joins =
      last?.input === dim.size * dim.input &&
      last.output === dim.size * dim.output &&
      last.size * dim.size <= MAX_SIZE;
    if (joins) outer[outer.length - 1] = { ...dim, size: last.size * dim.size };
    else outer.push(dim);
  }
  return { chunk, outer };
}
