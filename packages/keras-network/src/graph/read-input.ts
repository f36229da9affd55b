import type { Dim, DType, Id } from '@whittle/core';
import type { LayerConfig } from '../config/network-config.js';
import { largestExtent } from '../config/options.js';
import type { Options } from '../config/options.js';
import { invalid, quote, unsupported } from '../faults.js';
import type { GraphWriter } from './graph-writer.js';

/** Shapes without the batch, by the name of the input, for inputs that the file leaves open. */
export type InputShapes = ReadonlyMap<string, readonly number[]>;

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

/** An input of the model: its first axis is the batch. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function readInput(layer: LayerConfig, graph: GraphWriter, shapes: InputShapes): Id {
  const { options, name } = layer;
  const shape = options.get('batch_shape') ?? options.get('batch_input_shape');
  if (!Array.isArray(shape)) {
    const told = shapes.get(name);
    if (!told) throw unsupported(name, 'the model has no input shape: it was never built');
    return graph.input(name, ['batch', ...told], dtypeOf(options));
  }
  const told = shapes.get(name);
  const dims = shape.slice(1).map((dim: unknown, i) => extentOf(name, dim ?? told?.[i], shape));
  if (shape.length === 0) throw invalid(name, 'an input without axes');
  return graph.input(name, ['batch', ...dims], dtypeOf(options));
}

function extentOf(name: string, dim: unknown, shape: readonly unknown[]): Dim {
  if (dim === undefined)
    throw unsupported(name, `an input of shape ${quote(shape)}: extents beside the batch must be numbers`);
  if (!Number.isSafeInteger(dim) || (dim as number) < 1 || (dim as number) > largestExtent)
    throw invalid(name, `an input of shape ${quote(shape)}`);
  return dim as number;
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
