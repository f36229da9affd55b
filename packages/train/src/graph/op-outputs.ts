import type { NativeBinding, OpAttribute, RawOutput } from '../kernels/native.js';

/** What is known of a tensor without its values. */
export interface TensorType {
  readonly dtype: number;
  readonly shape: readonly number[];
  /** All that decides what ops make of it, as far as shapes go. */
  readonly text: string;
  /** Values that are part of the graph: shapes, axes. */
  readonly constant?: Int32Array;
}

export interface OpCall {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  /** Without an id where the value isn't there yet. */
  readonly operands: readonly { readonly id: number | undefined; readonly type: TensorType }[];
  readonly outputs: number;
}

/** Ops whose results have shapes that hang on values, or that give others each time: they never wait. */
const neverWaits =
  /^(Where|Unique|ListDiff|NonMaxSuppression|Range$|LinSpace|Bincount|DenseBincount|Sparse|Random|Stateless|Multinomial|StaticRegexReplace|String|Decode|Encode|.*Summary)/;

export function describeTensor(dtype: number, shape: readonly number[], constant?: Int32Array): string {
  return `${dtype}[${shape.join()}]${constant ? `=${constant.join()}` : ''}`;
}

/** Whether the op may run later, in a graph. */
export function mayWait(
  binding: NativeBinding,
  name: string,
  types: readonly (TensorType | undefined)[],
): types is readonly TensorType[] {
  return (
    !neverWaits.test(name) && types.every((type) => type && zerosOf(binding, type.dtype, 0) !== undefined)
  );
}

/** What an op gives: it is run once, on zeros where values aren't there yet. Undefined where it fails on them. */
export function learnOutputs(
  binding: NativeBinding,
  { name, attributes, operands, outputs }: OpCall,
): readonly Omit<RawOutput, 'id'>[] | undefined {
  const made: number[] = [];
  try {
    const inputs = operands.map(({ id, type: { dtype, shape } }) => {
      if (id !== undefined) return id;
      const size = shape.reduce((product, extent) => product * extent, 1);
      made.push(binding.createTensor(shape, dtype, zerosOf(binding, dtype, size)!));
      return made.at(-1)!;
    });
    const results = binding.executeOp(name, attributes, inputs, outputs);
    for (const { id } of results) made.push(id);
    return results.map(({ dtype, shape }) => ({ dtype, shape }));
  } catch {
    return undefined;
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}

/** Attributes that single ops take from their operands, and nodes of a graph have to be told; by op, what its first operand sets. */
const implied: Readonly<Record<string, string>> = { ExpandDims: 'T' };

/** All that a node of a graph has to be told. */
export function completeAttributes(
  binding: NativeBinding,
  name: string,
  attributes: readonly OpAttribute[],
  types: readonly TensorType[],
): readonly OpAttribute[] {
  const missing = implied[name];
  if (missing === undefined || attributes.some((attribute) => attribute.name === missing)) return attributes;
  return [...attributes, { name: missing, type: binding.TF_ATTR_TYPE, value: types[0].dtype }];
}

/** Zeros of a type that can wait, as the library takes them; undefined for other types. */
function zerosOf(binding: NativeBinding, dtype: number, size: number): ArrayBufferView | undefined {
  switch (dtype) {
    case binding.TF_FLOAT:
      return new Float32Array(size);
    case binding.TF_INT32:
      return new Int32Array(size);
    case binding.TF_INT64:
      return new Int32Array(2 * size);
    case binding.TF_BOOL:
      return new Uint8Array(size);
    default:
      return undefined;
  }
}
