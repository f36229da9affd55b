import type { DescribedInput, Dim, DType, Id } from '@whittle/core';
import type { LayerConfig } from '../config/network-config.js';
import { largestExtent } from '../config/options.js';
import type { Options } from '../config/options.js';
import { invalid, quote, unsupported } from '../faults.js';
import type { GraphWriter } from './graph-writer.js';

/** Shapes of a model's inputs, by layer. */
export type ShapesByLayer = ReadonlyMap<string, readonly Dim[]>;

const dtypes: Readonly<Record<string, DType>> = {
  float32: 'float32',
  float16: 'float32',
  bfloat16: 'float32',
  float64: 'float32',
  int32: 'int32',
  int64: 'int32',
  uint8: 'int32',
  int8: 'int32',
  int16: 'int32',
};

/** What a layer says of its input: its first axis is the batch, whatever its size. @throws FORMAT_INVALID */
export function describeInput({ options, name }: LayerConfig): DescribedInput {
  const shape: unknown = options.get('batch_shape') ?? options.get('batch_input_shape');
  if (!Array.isArray(shape)) return { name, shape: undefined };
  if (shape.length === 0) throw invalid(name, 'an input without axes');
  const extents = shape.slice(1).map((dim: unknown) => dim ?? undefined);
  if (extents.some((dim) => dim !== undefined && !isExtent(dim)))
    throw invalid(name, `an input of shape ${quote(shape)}`);
  return { name, shape: [undefined, ...(extents as (number | undefined)[])] };
}

/** An input of the model. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function readInput({ options, name }: LayerConfig, graph: GraphWriter, shapes: ShapesByLayer): Id {
  const shape = shapes.get(name);
  if (!shape) throw invalid(name, 'an input within a model, expected an operand');
  if (!shape.every((dim) => dim === 'batch' || isExtent(dim)))
    throw invalid(name, `an input of shape ${quote(shape)}`);
  return graph.input(name, shape, dtypeOf(options));
}

function isExtent(dim: unknown): boolean {
  return Number.isSafeInteger(dim) && (dim as number) >= 1 && (dim as number) <= largestExtent;
}

function dtypeOf(options: Options): DType {
  const told = options.get('dtype') ?? 'float32';
  const name =
    typeof told === 'object' && told !== null
      ? ((told as { config?: { name?: unknown } }).config?.name ?? 'float32')
      : told;
  const dtype = typeof name === 'string' && Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
  if (!dtype) throw unsupported(options.where, `an input of ${quote(told)}`);
  return dtype;
}
